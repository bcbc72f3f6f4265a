# SPDX-License-Identifier: Apache-2.0
# bash completion for tlsgauge, which is asked itself what its words are (--help=words).
# shellcheck shell=bash

# What the command before the cursor admits, a line a word: the word, its value's name, its text.
_tlsgauge_words() {
	local word command=() words
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in -* | =) break ;; esac
		command+=("$word")
	done
	words=$("$tool" "${command[@]:0:1}" --help=words 2>/dev/null)
	# A command whose words are no options has verbs.
	if [ ${#command[@]} -gt 1 ] && [[ $words != --* ]]; then
		words=$("$tool" "${command[@]:0:2}" --help=words 2>/dev/null)
	fi
	printf '%s\n' "$words"
}

# What may stand behind the option $1, whose value is called $2 and whose text is $3.
_tlsgauge_values() {
	local text=${3%%;*} several='^[a-z-]+(, [a-z-]+)* or [a-z-]+$'
	case $1 in
	--policy) "$tool" policy list 2>/dev/null | cut -d ' ' -f 1 ;;
	--cases) printf '%s\n' all none; "$tool" cases list 2>/dev/null | cut -d . -f 1 | sort -u ;;
	--depth) printf '%s\n' hello finished session ;;
	--gate) printf '%s\n' tolerated strict ;;
	--level) printf '%s\n' MUST SHOULD MAY ROBUSTNESS ;;
	*)
		if [[ $2 =~ ^[a-z-]+(\|[a-z-]+)+$ ]]; then
			printf '%s\n' "${2//|/$'\n'}"
		elif [[ $text =~ $several ]]; then
			text=${text/ or /, }
			printf '%s\n' "${text//, /$'\n'}"
		fi
		;;
	esac
}

_tlsgauge_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$current")
}

_tlsgauge() {
	local tool=$1 current=$2 before=$3 words word argument text
	COMPREPLY=()
	if [ "$before" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$current" = = ]; then
		current=
	fi
	words=$(_tlsgauge_words)
	while [[ $before == --* ]] && IFS= read -r word; do
		argument=${word#*$'\t'}
		text=${argument#*$'\t'} argument=${argument%%$'\t'*}
		[[ ${word%%$'\t'*} == "$before" && $argument ]] || continue
		mapfile -t COMPREPLY < <(compgen -W "$(_tlsgauge_values "$before" "$argument" "$text")" \
			-- "$current")
		[[ ${#COMPREPLY[@]} -gt 0 || $argument != *@(FILE|DIR)* ]] || _tlsgauge_files
		return
	done <<<"$words"
	mapfile -t COMPREPLY < <(compgen -W "$(cut -f 1 <<<"$words")" -- "$current")
	[[ ${#COMPREPLY[@]} -gt 0 || $current == -* || $words != --* ]] || _tlsgauge_files
}

complete -F _tlsgauge tlsgauge
