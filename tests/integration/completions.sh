#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# completions.sh TLSGAUGE: bash, zsh and fish complete command lines as the option tables have them.
set -euo pipefail
tlsgauge=$(realpath "$1")
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs zsh zsh
server_needs fish fish

completions=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging/completions" && pwd)
work=$SERVERS/work
mkdir -p "$work/bin" "$work/home" "$work/here/cases"
ln -s "$tlsgauge" "$work/bin/tlsgauge"
touch "$work/here/a.pem"
cd "$work/here"
export HOME=$work/home PATH=$work/bin:$PATH TERM=dumb

# bash_offers LINE: readline parts words at '=' as well; what it would do with the file names of
# which it is told is not seen.
bash_offers() {
	# shellcheck disable=SC2016 # the inner shell expands
	bash --norc -c '
		. "$1/tlsgauge.bash"
		read -ra COMP_WORDS <<<"${2//=/ = }"
		[[ $2 != *[=\ ] ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		_tlsgauge tlsgauge "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$completions" "$1"
}

fish_says() {
	# shellcheck disable=SC2016 # the inner shell expands
	fish --no-config -c 'source $argv[1]/tlsgauge.fish; complete -C $argv[2]' \
		"$completions" "$1"
}

fish_offers() {
	fish_says "$1" | cut -f 1 | sed -E 's/^--[^=]+=//'
}

# zsh_offers LINE: an interactive shell on a terminal of its own; what it adds to the list is noted.
zsh_offers() {
	rm -f ../added
	zsh -f "$work/ask.zsh" "$completions" "$1" >../shown
	cat ../added
}

cat >"$work/shell.zsh" <<'END'
fpath=($COMPLETIONS $fpath)
autoload -Uz compinit
compinit -u -D
compadd() {
	local options=${(M)@:#-*}
	if [[ " $options " != *\ -[a-zA-Z]#[OAD]* ]]; then
		local -a matches
		builtin compadd -A matches "$@"
		print -lr -- $matches >>../added
	fi
	builtin compadd "$@"
}
complete-and-end() {
	zle list-choices
	print >>../added
	exit
}
zle -N complete-and-end
bindkey '^I' complete-and-end
setopt extended_glob
LISTMAX=1000
PS1=
print ready
END
cat >"$work/ask.zsh" <<'END'
zmodload zsh/zpty
COMPLETIONS=$1 zpty shell zsh -f -i
zpty -w shell "COMPLETIONS=${(q)1}; . ${(q)0:h}/shell.zsh"
zpty -r -m shell output '*ready'$'\r\n''*'
zpty -w -n shell "$2"$'\t'
while zpty -r shell output; do print -r -- $output; done
END

# offers SHELL LINE: sorted, a blank between.
offers() {
	"${1}_offers" "$2" | sed 's,/$,,; /^$/d' | LC_ALL=C sort -u | xargs
}

# offer WORDS LINE: every shell completes it so.
offer() {
	local shell
	for shell in bash zsh fish; do
		equal "$shell: '$2'" "$1" "$(offers "$shell" "$2")"
	done
}

# table COMMAND...: the options that its help tells of.
table() {
	"$tlsgauge" "$@" --help | sed -nE 's/^ {1,6}(-[a-zA-Z?], )?(--[a-z0-9-]+).*/\2/p' |
		LC_ALL=C sort -u | xargs
}

for command in check fuzz serve explain 'hello decode' 'policy diff' 'cases show' 'report merge'; do
	read -ra words <<<"$command"
	offer "$(table "${words[@]}")" "tlsgauge $command -"
done
offer "$("$tlsgauge" --help | sed -n '/tlsgauge/d; s/^  \([a-z]*\) .*/\1/p' | LC_ALL=C sort |
	xargs)" 'tlsgauge '
offer 'cases check' 'tlsgauge c'
offer 'compare convert' 'tlsgauge report co'
offer '--targets' 'tlsgauge check --target'
offer '--strict --strict-expected' 'tlsgauge check tls://db.example --strict'
offer '--strict --strict-expected' 'tlsgauge check --ca a.pem tls://db.example --strict'
azure='azure-postgresql-flexible-server azure-postgresql-single-server'
offer "$azure" 'tlsgauge check --policy azure-postgresql-'
offer "$azure" 'tlsgauge check --policy=azure-postgresql-'
offer 'all alpn' 'tlsgauge check --cases al'
offer 'json junit' 'tlsgauge check --report j'
offer 'json' 'tlsgauge fuzz --report j'
offer 'json text' 'tlsgauge cases list --format '
offer 'always auto never' 'tlsgauge check --color='
offer 'postgresql postgresql-direct tls' 'tlsgauge serve --over '
offer 'strict tolerated' 'tlsgauge fuzz --gate '
offer '' 'tlsgauge check --timeout '
offer 'a.pem' 'tlsgauge check --ca a'
offer 'a.pem' 'tlsgauge explain a'
# A folder of that name is no command's file.
offer 'cases' 'tlsgauge ca'

# What a word is for stands beside it.
text=$("$tlsgauge" --help=words | sed -n 's/^check\t*//p')
equal 'fish: the text of a command' "check $text" "$(fish_says 'tlsgauge che' | tr '\t' ' ')"
offers zsh 'tlsgauge c' >/dev/null
holds 'zsh: the text of a command' grep -qF "check  -- $text" ../shown

# The values that the shells know by heart are those that the tables tell of.
for option in depth gate level; do
	text=$("$tlsgauge" check --help=words | sed -n "s/^--$option\t//p")
	for value in $(offers bash "tlsgauge check --$option "); do
		holds "--$option $value is in its text" grep -qw -- "$value" <<<"$text"
	done
done
finish
