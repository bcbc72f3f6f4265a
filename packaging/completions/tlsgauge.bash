# SPDX-License-Identifier: Apache-2.0
# bash completion for tlsgauge, which is asked itself what its words are (--help=words).
# shellcheck shell=bash

# Words of the command line before the cursor that are no options and no values of such.
_tlsgauge_command() {
	local word
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		case $word in
		-* | =) return ;;
		*) command+=("$word") ;;
		esac
		[ ${#command[@]} -lt 2 ] || return
	done
}

# What may stand behind the option $1.
_tlsgauge_values() {
	case $1 in
	--policy) "$tool" policy list 2>/dev/null | cut -d ' ' -f 1 ;;
	--cases) printf '%s\n' all none; "$tool" cases list 2>/dev/null | cut -d / -f 1 | cut -d . -f 1 | sort -u ;;
	--report) "$tool" check --help=words | sed -n 's/^--report\t[^\t]*\t\([a-z, ]*\) or \([a-z]*\);.*/\1, \2/p' | tr -d ' ' | tr , '\n' ;;
	--color) printf '%s\n' auto always never ;;
	--certificate) printf '%s\n' rsa ecdsa dss ;;
	--depth) printf '%s\n' hello finished session ;;
	--gate) printf '%s\n' tolerated strict ;;
	--level) printf '%s\n' MUST SHOULD MAY ROBUSTNESS ;;
	esac
}

_tlsgauge() {
	local tool=$1 current=$2 before=$3 command=() words
	COMPREPLY=()
	if [ "$before" = = ] && [ "$COMP_CWORD" -ge 2 ]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	elif [ "$current" = = ]; then
		current=
	fi
	if [[ $before == --* ]]; then
		words=$(_tlsgauge_values "$before")
		if [ -n "$words" ]; then
			mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
			return
		fi
	fi
	_tlsgauge_command
	words=$("$tool" "${command[@]}" --help=words 2>/dev/null | cut -f 1)
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	if [ ${#COMPREPLY[@]} -eq 0 ] && [[ $current != -* ]]; then
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
	fi
}

complete -o filenames -F _tlsgauge tlsgauge
