#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# reports.sh TLSGAUGE: every format, read by somebody else's reader; what a hostile server says in
# them; convert, merge and compare over a real server; baselines, expected deviations, shards,
# targets.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs xmllint libxml2-utils
server_needs node nodejs

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
validators=$here/../validators
VALIDATORS=$("$here/../../scripts/validators")
export VALIDATORS
work=$SERVERS/work
mkdir "$work"
cd "$work"

# reports NAME ARGUMENT...: a check with every report, as NAME.SUFFIX; sets $status.
reports() {
	local name=$1
	shift
	status=0
	timeout 120 "$tlsgauge" check "$@" --report "json=$name.json" --report "junit=$name.xml" \
		--report "sarif=$name.sarif" --report "tap=$name.tap" --report "markdown=$name.md" \
		--report "github=$name.github" --report "gitlab=$name.gitlab.json" \
		--report "csv=$name.csv" --report "text=$name.txt" >/dev/null 2>"$name.err" \
		</dev/null || status=$?
}

# valid NAME: every report of that name is what its readers take it for.
valid() {
	local pair
	for pair in json:json codequality:gitlab.json tap:tap csv:csv markdown:md github:github; do
		holds "$1: ${pair%%:*} is read" node "$validators/validate.mjs" "${pair%%:*}" \
			"$1.${pair#*:}"
	done
	holds "$1: junit fits its schema" \
		xmllint --noout --schema "$validators/junit.xsd" "$1.xml"
	holds "$1: sarif is valid" sarif_is_valid "$1.sarif"
}

# The multitool says what it finds on standard output, and does not fail for a warning.
sarif_is_valid() {
	local multitool
	multitool=$VALIDATORS/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	chmod +x "$multitool"
	DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$multitool" validate "$1" >"$1.log" 2>&1 ||
		return 1
	! grep -E 'error|warning (SARIF1|JSON)' "$1.log"
}

# findings FILE FILTER: the ids that a filter of jq selects.
findings() {
	jq -r ".findings[] | select($2) | .id" "$1"
}

flexible=(--policy azure-postgresql-flexible-server)
server_start conforming postgres config=flex
server_start deviating postgres config=flex min=TLSv1.1
good=$(server_url conforming)
bad=$(server_url deviating)

reports good "$good" "${flexible[@]}"
equal 'a conforming server: exit status' 0 "$status"
valid good
reports bad "$bad" "${flexible[@]}" --cases hello,record
equal 'a deviating server: exit status' 1 "$status"
valid bad
equal 'github says nothing of a conforming server' '' "$(cat good.github)"
holds 'github names the row of the policy' grep -qE \
	'^::error file=policies/azure-postgresql-flex[^,]*,line=[0-9]+,title=version/TLS1.1' \
	bad.github

# What a stranger says, in every format.
server_start hostile broken how=hostile
reports hostile "$(server_url hostile)" "${flexible[@]}"
valid hostile
holds 'the message is in the report' grep -q 'onerror' hostile.json
fails 'no report holds a raw escape' grep -lq "$(printf '\033')" \
	hostile.{xml,tap,md,github,csv,txt,json}

# Reading a report again changes nothing that any format says.
for pair in json:json junit:xml sarif:sarif tap:tap markdown:md github:github gitlab:gitlab.json \
	csv:csv text:txt; do
	"$tlsgauge" report convert bad.json --report "${pair%%:*}=again"
	equal "convert: ${pair%%:*} is the same" '' "$(cmp "bad.${pair#*:}" again 2>&1)"
done

# Two runs against an unchanged server differ in nothing that is compared.
reports bad2 "$bad" "${flexible[@]}" --cases hello,record
"$tlsgauge" report compare bad.json bad2.json >compared || fail 'compare: something is new'
deviations=$(findings bad.json '.verdict=="fail"' | wc -l)
equal 'compare: only what is known' "known deviations: $deviations" "$(grep -v '^ ' compared)"
for name in bad bad2; do
	"$tlsgauge" report convert "$name.json" --stable --report "json=$name.stable"
done
equal 'the stable reports are equal' '' "$(cmp bad.stable bad2.stable 2>&1)"
ended=0
"$tlsgauge" report compare good.json bad.json >compared || ended=$?
equal 'compare: something new' 1 "$ended"
holds 'compare: it is named' grep -q '^  version/TLS1.1' compared

# Shards put together are the whole.
for shard in 1 2 3; do
	reports "shard$shard" "$bad" "${flexible[@]}" --cases hello,record --shard "$shard/3"
done
ended=0
"$tlsgauge" report merge shard[123].json --report json=merged.json || ended=$?
equal 'merge: exit status of the whole' 1 "$ended"
equal 'merge: every finding of the whole' "$(findings bad.json true | sort)" \
	"$(findings merged.json true | sort)"
equal 'merge: the same verdicts' known "$("$tlsgauge" report compare bad.json merged.json |
	grep -v '^ ' | sed 's/ .*//' | sort -u)"

# Baseline: known, new, repaired.
reports known "$bad" "${flexible[@]}" --baseline bad.json --cases hello,record
equal 'baseline: known deviations do not fail' 0 "$status"
equal 'baseline: they are listed' "$(findings bad.json '.verdict=="fail"')" \
	"$(findings known.json '.baseline=="known" and .verdict=="expected_fail"')"
valid known
reports new "$bad" "${flexible[@]}" --baseline good.json
equal 'baseline: a new deviation fails' 1 "$status"
reports repaired "$good" "${flexible[@]}" --baseline bad.json
equal 'baseline: a repaired server passes' 0 "$status"
holds 'baseline: the repair is announced' grep -q 'repaired since the baseline' repaired.txt
holds 'baseline: github announces it' grep -q '^::notice .*repaired since' repaired.github

# Expected deviations.
findings bad.json '.verdict=="fail"' | sed 's/$/ fail "known"/' >expected
reports expected "$bad" "${flexible[@]}" --expected expected --cases hello,record
equal 'expected: exit status' 0 "$status"
reports outlived "$good" "${flexible[@]}" --expected expected --cases hello,record
equal 'expected: what is gone is told' 0 "$status"
holds 'expected: it is an unexpected pass' \
	jq -e '.summary.unexpected_pass > 0' outlived.json
reports outlived "$good" "${flexible[@]}" --expected expected --cases hello,record --strict-expected
equal 'strict-expected: what is gone fails' 1 "$status"
valid outlived
printf 'suite/TLS1.2/TLS_NO_SUCH_SUITE fail "misspelt"\n' >>expected
reports misspelt "$good" "${flexible[@]}" --expected expected --cases hello,record
equal 'expected: a pattern that fits nothing is refused' 2 "$status"
fails 'expected: nothing was written' test -e misspelt.json

# Many endpoints.
printf '# two\n%s --set ssl_min_protocol_version=TLSv1.2\n\n%s  --sni "db.example" # second\n' \
	"$good" "$bad" >targets
reports many --targets targets "${flexible[@]}"
equal 'targets: the worst status' 1 "$status"
equal 'targets: each has its own' "0
1" "$(jq '.runs[].exit_status' many.json)"
valid many
reports many2 --targets targets "${flexible[@]}" --baseline many.json
equal 'targets: a baseline knows whose deviation it is' 0 "$status"
printf '%s\n%s\n' "$good" "$bad --reprt x" >targets
reports wrong --targets targets "${flexible[@]}"
equal 'targets: a wrong line stops everything' 2 "$status"
equal 'targets: it is named' \
	"tlsgauge check: targets:2: unknown option '--reprt'; did you mean '--report'?" \
	"$(cat wrong.err)"
finish
