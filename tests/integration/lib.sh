# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the integration scripts share: running `tlsgauge check`, reading its report, and
# asserting. A script that fails an assertion goes on and ends with status 1.
# $tlsgauge is set before this is sourced, by scripts that check.
# shellcheck shell=bash

# shellcheck source-path=SCRIPTDIR source=../servers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../servers/lib.sh"
server_needs jq jq

# shellcheck disable=SC2034 # for the scripts
SINGLE_SERVER=(--policy azure-postgresql-single-server --set minimum_tls_version=TLS1_2)
tlsgauge=${tlsgauge:-}
failures=0

pass() {
	printf 'ok: %s\n' "$*"
}

fail() {
	printf 'FAILED: %s\n' "$*"
	failures=$((failures + 1))
}

# finish: the last line of a script.
finish() {
	printf '%s: %d failures\n' "$(basename "$0")" "$failures"
	[ "$failures" -eq 0 ]
}

# holds WHAT COMMAND..., fails WHAT COMMAND...: the command succeeds, or does not.
holds() {
	if "${@:2}"; then
		pass "$1"
	else
		fail "$1"
	fi
}

fails() {
	if "${@:2}"; then
		fail "$1"
	else
		pass "$1"
	fi
}

# equal WHAT EXPECTED GOT: texts of lines; shows how they differ.
equal() {
	if [ "$2" = "$3" ]; then
		pass "$1"
		return
	fi
	fail "$1 (- expected, + got)"
	{ diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") || true; } |
		sed -n 's/^< /  - /p; s/^> /  + /p'
}

# check NAME ARGUMENT...: runs tlsgauge check, leaves $SERVERS/NAME.json and NAME.err, sets $status.
check() {
	local name=$1
	shift
	status=0
	rm -f "$SERVERS/$name.json"
	timeout 120 "$tlsgauge" check "$@" --report "json=$SERVERS/$name.json" \
		>"$SERVERS/$name.out" 2>"$SERVERS/$name.err" </dev/null || status=$?
	case $status in
	0 | 1 | 3) report_is_whole "$name" && return ;;
	2) return ;;
	esac
	fail "$name: status $status, and no whole report"
	tail -5 "$SERVERS/$name.err"
}

# A report without findings would make every comparison of absences succeed.
report_is_whole() {
	jq -e '(.findings | length) > 0 and .run.connections >= 0' "$SERVERS/$1.json" \
		>"$SERVERS/$1.jq" 2>&1
}

# findings NAME FILTER: what jq makes of every finding of a report, sorted lines.
findings() {
	report_is_whole "$1" || return 0
	jq -r ".findings[] | $2" "$SERVERS/$1.json" | LC_ALL=C sort -u
}

# ids NAME VERDICT
ids() {
	findings "$1" "select(.verdict == \"$2\") | .id"
}

# explain NAME: the findings that did not pass, for a log.
explain() {
	findings "$1" 'select(.verdict | IN("fail", "inconclusive", "error"))
		| "  \(.verdict) \(.id): \(.reason)"' | head -20
}
