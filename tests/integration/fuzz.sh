#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz.sh TLSGAUGE: `tlsgauge fuzz` against the reference endpoint, intact and with one defect: what
# is found, kept, replayed and told, and what is refused before anything is sent.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs node nodejs
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VALIDATORS=$("$root/scripts/validators")
export VALIDATORS
key=accepted/TLS1.2/TLS_RSA_WITH_RC4_128_SHA
name=fuzz.accepted-tls1.2-tls_rsa_with_rc4_128_sha

# fuzz NAME ARGUMENT...: leaves $SERVERS/NAME.out, NAME.err and NAME.json, and sets $status.
fuzz() {
	local run=$1
	shift
	status=0
	timeout 60 "$tlsgauge" fuzz "$@" --report text --report "json=$SERVERS/$run.json" \
		>"$SERVERS/$run.out" 2>"$SERVERS/$run.err" </dev/null || status=$?
}

# said NAME FILTER: of its JSON report.
said() {
	jq -r "$2" "$SERVERS/$1.json"
}

server_start intact reference set=minimum_tls_version=TLS1_2
server_start defective reference set=minimum_tls_version=TLS1_2 defect=accepts-rc4
intact=$(server_url intact)
defective=$(server_url defective)

conforms() {
	fuzz clean "$intact" "${SINGLE_SERVER[@]}" --runs 3000
	equal 'intact: exit status' 0 "$status"
	equal 'intact: nothing is found' 0 "$(said clean '.findings | length')"
	equal 'intact: as many probes as asked for' 3000 "$(said clean .counts.probes)"
	equal 'intact: every probe is answered or not' 3000 \
		"$(said clean '[.counts.answers[]] | add')"
	holds 'intact: the text says so' grep -q '^0 findings: 0 fail' "$SERVERS/clean.out"
}

finds() {
	fuzz found "$defective" "${SINGLE_SERVER[@]}" --runs 2000 --keep "$SERVERS/kept"
	equal 'defective: exit status' 1 "$status"
	equal 'defective: the one finding' "$key fail" \
		"$(said found '.findings[] | "\(.key) \(.verdict)"')"
	holds 'defective: the row that it breaks' \
		grep -q 'row .*azure-postgresql-single-server.policy:[0-9]*: \* reject' \
		"$SERVERS/found.out"
	holds 'defective: nothing can be left out' [ "$(said found '.findings[0].minimal')" = true ]
	equal 'defective: the report is one' tlsgauge.fuzz/1 \
		"$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["schema"])' \
			"$SERVERS/found.json")"
	equal 'defective: its status is in it' 1 "$(said found .exit_status)"
}

# explanation FILE: of the hello in it, whatever it is in.
explanation() {
	"$tlsgauge" explain "${SINGLE_SERVER[@]}" --format json "$1" | jq -S 'del(.file, .captured)'
}

keeps() {
	local suffix kept=$SERVERS/kept/$name
	for suffix in bin case pcapng; do
		holds "kept: $suffix" [ -s "$kept.$suffix" ]
	done
	equal 'kept: the bytes are those of the report' "$(said found '.findings[0].bytes')" \
		"$(od -An -v -tx1 "$kept.bin" | tr -d ' \n')"
	equal 'kept: the packets are explained as the bytes are' \
		"$(explanation "$kept.bin")" "$(explanation "$kept.pcapng")"
	holds 'kept: a clean case' "$tlsgauge" cases lint "$kept.case"
	check case-defective "$defective" --cases "$kept.case" --only 'case/*' \
		"${SINGLE_SERVER[@]}"
	equal 'kept: fails where it was found' "case/$name fail" \
		"$(findings case-defective '"\(.id) \(.verdict)"' | grep "$name")"
	check case-intact "$intact" --cases "$kept.case" --only 'case/*' "${SINGLE_SERVER[@]}"
	equal 'kept: passes elsewhere' "case/$name pass" \
		"$(findings case-intact '"\(.id) \(.verdict)"' | grep "$name")"
}

replays() {
	local of one two
	of=$(said found '.findings[0].replay')
	for run in one two; do
		status=0
		"$tlsgauge" fuzz "$defective" "${SINGLE_SERVER[@]}" --replay "$of" \
			>"$SERVERS/$run.out" 2>"$SERVERS/$run.err" || status=$?
		equal "replay, $run: exit status" 1 "$status"
	done
	one=$(grep '^sent' "$SERVERS/one.out")
	two=$(grep '^sent' "$SERVERS/two.out")
	equal 'replay: the same bytes' "$one" "$two"
	equal 'replay: the bytes of the finding' "$(said found '.findings[0].first')" "${one##* }"
	equal 'replay: the same finding' "finding   $key" "$(grep '^finding' "$SERVERS/one.out")"
	"$tlsgauge" fuzz "$intact" "${SINGLE_SERVER[@]}" --replay "$of" >"$SERVERS/one.out"
	equal 'replay: not elsewhere' 'finding   none' "$(grep '^finding' "$SERVERS/one.out")"
}

# What an answer lacks, or should have been: the case says so, and not just that there is an answer.
# tells KEY DEFECT OPTION...: the options are those of both endpoints.
tells() {
	local found=$1 defect=$2 policy=() option where
	shift 2
	for option in "$@"; do
		[ "${option%%=*}" = over ] || policy+=("--${option%%=*}" "${option#*=}")
	done
	server_start wrong reference "$@" defect="$defect"
	server_start right reference "$@"
	fuzz told "$(server_url wrong)" "${policy[@]}" --only "$found" --first --time 60 \
		--keep "$SERVERS/told"
	for where in wrong right; do
		check "told-$where" "$(server_url "$where")" "${policy[@]}" --only 'case/*' \
			--cases "$(echo "$SERVERS"/told/*.case)"
	done
	equal "$defect: its case fails, and passes elsewhere" 'fail pass' \
		"$(findings told-wrong .verdict) $(findings told-right .verdict)"
	rm -r "$SERVERS/told"
	server_stop wrong
	server_stop right
}

resumes() {
	local before
	fuzz first "$intact" "${SINGLE_SERVER[@]}" --runs 400 --corpus "$SERVERS/corpus"
	before=$(find "$SERVERS/corpus" -name '1-*.bin' | wc -l)
	equal 'corpus: a file for each class' "$(said first .counts.classes)" "$before"
	# As many probes as there are files: nothing else is sent. Some classes differ in time.
	fuzz again "$intact" "${SINGLE_SERVER[@]}" --runs "$before" --corpus "$SERVERS/corpus"
	equal 'corpus: exit status' 0 "$status"
	holds 'corpus: it begins with what is there' \
		[ "$(said again .counts.classes)" -gt $((before / 2)) ]
	fuzz other "$intact" "${SINGLE_SERVER[@]}" --runs 20 --seed 2 --corpus "$SERVERS/corpus"
	holds 'corpus: another seed has files of its own' \
		[ "$(find "$SERVERS/corpus" -name '2-*.bin' | wc -l)" -gt 0 ]
}

# refuses WHAT SENTENCE ARGUMENT...: status 2 and that sentence alone.
refuses() {
	local what=$1 sentence=$2
	shift 2
	fuzz refused "$@"
	equal "$what: exit status" 2 "$status"
	equal "$what: says why" "tlsgauge fuzz: $sentence" "$(cat "$SERVERS/refused.err")"
	equal "$what: nothing else" '' "$(cat "$SERVERS/refused.out")"
}

options() {
	refuses 'no TARGET' 'say which endpoint: TARGET is [SCHEME://]HOST[:PORT]' \
		"${SINGLE_SERVER[@]}"
	refuses 'no policy' "$(printf "%s; %s" \
		"say with '--policy' which document rules the answers" \
		"'tlsgauge policy list' names those built in")" "$intact"
	refuses 'replay' "'--replay 1:x' is not SEED:INDEX, such as 1:2042 or 1:2042.7.1" \
		"$intact" "${SINGLE_SERVER[@]}" --replay 1:x
	refuses 'a report of a replay' "$(printf "%s: leave '--report' out" \
		"'--replay' says on standard output what one probe is, and keeps nothing")" \
		"$intact" "${SINGLE_SERVER[@]}" --replay 1:1 --report json
	for time in 0 5x '' s 10000000; do
		refuses "time '$time'" "'--time $time' is no duration such as 90, 90s, 10m or 2h" \
			"$intact" "${SINGLE_SERVER[@]}" --time "$time"
	done
	refuses 'runs' "'--runs 0' is not a number from 1 to 4294967295" \
		"$intact" "${SINGLE_SERVER[@]}" --runs 0
	refuses 'a stranger' "$(printf "%s: say '%s' if you are" \
		'192.0.2.1:5432 is not on the loopback interface' --i-am-allowed-to-test-this)" \
		postgresql://192.0.2.1 "${SINGLE_SERVER[@]}" --runs 1
	refuses 'another report' "'--report junit': a fuzz run is told as text or json" \
		"$intact" "${SINGLE_SERVER[@]}" --report junit
}

nobody() {
	local port takes='takes none of the hellos that the policy accepts'
	port=$(server_free_port)
	fuzz nobody "postgresql://127.0.0.1:$port" "${SINGLE_SERVER[@]}" --runs 10
	equal 'nobody: exit status' 3 "$status"
	holds 'nobody: says so' grep -q \
		"^tlsgauge fuzz: 127.0.0.1:$port $takes, .*refused: there is no control to fuzz" \
		"$SERVERS/nobody.err"
	equal 'nobody: in one line' 1 "$(wc -l <"$SERVERS/nobody.err")"
}

# interrupted N: a signal at some time, and the report with what was found until then.
interrupted() {
	local pid
	"$tlsgauge" fuzz "$defective" "${SINGLE_SERVER[@]}" --time 60 \
		--report "json=$SERVERS/cut.json" >"$SERVERS/cut.out" 2>"$SERVERS/cut.err" &
	pid=$!
	sleep "$1"
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	equal "SIGINT after $1 s: the report says so" true "$(said cut .interrupted)"
	equal "SIGINT after $1 s: its status" "$status" "$(said cut .exit_status)"
	case $(said cut "[.findings[] | select(.key == \"$key\") | .verdict] | join(\" \")") in
	fail) equal "SIGINT after $1 s: it failed" 1 "$status" ;;
	*) equal "SIGINT after $1 s: it is open" 3 "$status" ;;
	esac
}

begun=$SECONDS
fuzz timed "$intact" "${SINGLE_SERVER[@]}" --time 2
holds 'time: it is kept' [ $((SECONDS - begun)) -le 8 ]
equal 'time: exit status' 0 "$status"
conforms
finds
keeps
tells 'preference/TLS1.2/server' prefers-the-last over=tls \
	policy="$(dirname "${BASH_SOURCE[0]}")/../endpoint/ordered.policy"
tells 'omitted/renegotiation_info' omits-renegotiation-info set=minimum_tls_version=TLS1_2 \
	policy=azure-postgresql-single-server
replays
resumes
options
nobody
for seconds in 0.7 2.1 5; do
	interrupted "$seconds"
done
holds 'every report fits its schema' node "$root/tests/validators/validate.mjs" fuzz \
	"$SERVERS"/{timed,clean,found,first,again,other,cut}.json
finish
