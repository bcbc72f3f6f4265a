#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# house.sh CORE: the checkers of scripts/ find what they are there to find. CORE is the folder with
# the core's archives.
set -euo pipefail
core=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../scripts" && pwd)
tree=$SERVERS/tree

# fresh: a tree that every checker likes.
fresh() {
	rm -rf "$tree"
	mkdir -p "$tree/src/base" "$tree/src/wire" "$tree/build"
	printf '#include "base/span.h"\nint one(void)\n{\n\treturn 1;\n}\n' >"$tree/src/wire/one.c"
	printf 'int one(void);\n' >"$tree/src/base/span.h"
}

# finds WHAT TEXT CHECKER ARGUMENT...: the checker fails and its report holds TEXT.
finds() {
	local what=$1 text=$2 ended=0
	shift 2
	"$scripts/$1" "$tree" "${@:2}" >"$SERVERS/report" 2>&1 || ended=$?
	equal "$what: exit status" 1 "$ended"
	holds "$what: says so" grep -qF -- "$text" "$SERVERS/report"
	grep -qF -- "$text" "$SERVERS/report" || cat "$SERVERS/report"
	fresh
}

# likes WHAT CHECKER ARGUMENT...
likes() {
	local what=$1 ended=0
	shift
	"$scripts/$1" "$tree" "${@:2}" >"$SERVERS/report" 2>&1 || ended=$?
	equal "$what" 0 "$ended"
	[ "$ended" -eq 0 ] || cat "$SERVERS/report"
}

# code TEXT: appends it to the tree's one source file.
code() {
	printf '%s\n' "$1" >>"$tree/src/wire/one.c"
}

# repeat LINE COUNT
repeat() {
	local count
	for ((count = 0; count < $2; count++)); do
		printf '%s\n' "$1"
	done
}

# long_function DECLARATOR LINES: as a file of its own.
long_function() {
	printf '%s\n{\n%s\n}\n' "$1" "$(repeat $'\tone();' "$2")" >"$tree/src/wire/two.c"
}

# long_python LINES: a method with so many lines behind its first two, and more code below it.
long_python() {
	mkdir -p "$tree/scripts"
	printf 'class One:\n    def long_one(self):\n        def inner():\n%s\n\n%s\n' \
		"$(repeat '            pass' "$1")" "$(repeat 'pass' 70)" >"$tree/scripts/one.py"
}

lengths() {
	long_function 'int long_one(void)' 58
	finds 'function of 61 lines' 'long_one() has 61 lines' check-length
	long_function 'int long_one(void)' 57
	likes 'function of 60 lines' check-length
	long_function $'int *long_one(int a,\n\tint b)' 57
	finds 'declarator counts' 'long_one() has 61 lines' check-length
	long_python 59
	finds 'Python function of 61 lines' 'long_one() has 61 lines' check-length
	long_python 58
	likes 'Python function of 60 lines' check-length
	repeat 'int one(void);' 601 >"$tree/src/wire/two.c"
	finds 'file of 601 lines' '601 lines, the limit is 600' check-length
	repeat 'int one(void);' 201 >"$tree/src/base/two.h"
	finds 'header of 201 lines' '201 lines, the limit is 200' check-length
	code "$(printf "\t%093d" 0)"
	finds 'line of 101 columns, a tab as eight' '101 columns' check-length
	code "$(printf '\t%092d' 0)"
	likes 'line of 100 columns' check-length
	fresh
	code "/* $(printf 'é%.0s' {1..94}) */"
	likes 'letters of two bytes are one column' check-length
	fresh
}

banned() {
	local function
	for function in strcpy strcat sprintf vsprintf strtok gets alloca atoi atol rand srand \
		system popen; do
		code "int two = $function (1);"
		finds "call of $function" "banned function: int two = $function (1)" check-banned
	done
	code 'int two = snprintf(0, 0, "strcpy(") /* system() */; // gets('
	code 'char quote = 34, other = '"'\"'"', *text = "\" atoi(1)";'
	likes 'snprintf, strings and comments' check-banned
	fresh
	code $'\tgoto again;'
	finds 'goto' 'goto to a label other than out' check-banned
	code $'\tgoto out;'
	likes 'goto out' check-banned
	fresh
	code 'typedef struct two { int a; } two;'
	finds 'typedef of a struct' 'typedef of a struct' check-banned
	code '/* TO''DO: later */'
	finds 'note' 'note left behind' check-banned
	echo "see htt""p://example.com/" >"$tree/README.md"
	finds 'address without https' 'address without https' check-banned
	echo "cp /wo""rk/x ." >"$tree/README.md"
	finds 'path of one machine' 'path of one machine' check-banned
	echo "cp build/wo""rk/x ." >"$tree/README.md"
	likes 'path of the tree' check-banned
	fresh
}

layers() {
	code '#include "probe/probe.h"'
	finds 'include of a higher layer' 'wire (2) includes "probe/probe.h"' check-layers -
	mkdir "$tree/src/policy"
	echo '#include "crypto/x509.h"' >"$tree/src/policy/two.h"
	finds 'include of a layer beside' 'policy (3) includes "crypto/x509.h"' check-layers -
	code '#include "two.h"'
	finds 'include without folder' 'does not name its folder' check-layers -
	mkdir "$tree/src/misc"
	echo 'int two;' >"$tree/src/misc/two.c"
	echo '#include "base/span.h"' >>"$tree/src/misc/two.c"
	finds 'folder that is no layer' "'misc' is no layer" check-layers -
	likes 'include of a lower layer' check-layers -
}

# symbol CODE: an archive libwire.a in the tree's build folder, made of CODE.
symbol() {
	printf '%s\n' "$1" | cc -w -x c -c -o "$tree/build/two.o" -
	ar cr "$tree/build/libwire.a" "$tree/build/two.o"
}

symbols() {
	local name
	for name in time clock_gettime socket fopen getenv printf pthread_create mbedtls_ssl_init \
		mbedtls_net_connect mbedtls_x509_crt_parse_file __errno_location; do
		symbol "int $name(); int two() { return $name(); }"
		finds "core that uses $name" "the core refers to '$name'" check-layers "$tree/build"
	done
	symbol 'int memchr(), mbedtls_sha256(); int two() { return memchr() + mbedtls_sha256(); }'
	likes 'core that uses memory and cryptography' check-layers "$tree/build"
	symbol 'int three() { return 1; }'
	mv "$tree/build/libwire.a" "$tree/build/libbase.a"
	symbol 'int three(); int four() { return three(); }'
	likes 'core that uses the core' check-layers "$tree/build"
	fresh
	tree=$(cd "$scripts/.." && pwd)
	likes 'our own core' check-layers "$core"
}

fresh
likes 'clean tree: lengths' check-length
likes 'clean tree: banned' check-banned
lengths
banned
layers
symbols
finish
