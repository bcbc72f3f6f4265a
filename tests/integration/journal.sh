#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# journal.sh TLSGAUGE: a run with a journal that is killed, and goes on: no question twice, and the
# report of a run that nobody disturbed.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# What the samples and the answers that were under way may cost, for each time it is killed.
SPARE=64

# kept JOURNAL: how many answers it holds.
kept() {
	local journal=$SERVERS/$1.journal
	[ -e "$journal" ] || journal=/dev/null
	grep -c '^[0-9a-f]* answer ' "$journal" || true
}

# killed_when NAME COUNT COMMAND... -- ARGUMENT...: a run that is killed once the command, which
# counts, says so many.
killed_when() {
	local name=$1 count=$2 counter=() pid tick
	shift 2
	while [ "$1" != -- ]; do
		counter+=("$1")
		shift
	done
	"$tlsgauge" check "${@:2}" --journal "$SERVERS/$name.journal" \
		--report "json=$SERVERS/$name.json" >"$SERVERS/$name.out" 2>&1 </dev/null &
	pid=$!
	for ((tick = 0; tick < 1200; tick++)); do
		[ "$("${counter[@]}")" -lt "$count" ] || break
		sleep 0.02
	done
	kill -KILL "$pid" 2>/dev/null || fail "$name: it had ended before it was killed"
	wait "$pid" 2>/dev/null || true
	fails "$name: killed, it leaves no report" test -e "$SERVERS/$name.json"
}

# killed NAME MORE ARGUMENT...: a run that is killed once the journal holds that many answers more.
killed() {
	killed_when "$1" $(($(kept "$1") + $2)) kept "$1" -- "${@:3}"
}

# resumed NAME ARGUMENT...
resumed() {
	check "$1" "${@:2}" --journal "$SERVERS/$1.journal"
}

# told NAME: the findings, without what two equal runs may tell differently: how long a silence was,
# which of the accepted suites answered first, and the random bytes of a hello that was asked again.
told() {
	"$tlsgauge" report convert "$SERVERS/$1.json" --report json --stable |
		jq -c 'del(.findings[].control) | .run, .summary, .exit_status, .findings[]' |
		sed -E 's/for [0-9]+ ms/for N ms/g; s/asked with [0-9a-f]+/asked with N/g'
}

connections() {
	jq '[.runs[].connections] | add' "$SERVERS/$1.json"
}

# answers NAME: "N of M" of its note.
answers() {
	jq -r '[.runs[].resumed // empty] | join(" ")' "$SERVERS/$1.json"
}

# same_report NAME UNDISTURBED TIMES: the same is told; what the journal had was not asked again.
same_report() {
	local name=$1 whole spent had
	equal "$name: the same report" "$(told "$2")" "$(told "$name")"
	holds "$name: report compare finds no change" "$tlsgauge" report compare \
		"$SERVERS/$2.json" "$SERVERS/$name.json"
	whole=$(connections "$2")
	spent=$(connections "$name")
	had=$(answers "$name" | sed -E 's/^([0-9]+) of .*/\1/')
	holds "$name: $had answers of the journal, $spent connections, $whole undisturbed" \
		test $((had + spent)) -le $((whole + $3 * SPARE))
	holds "$name: most of what was known is not asked again" test "$spent" -lt "$whole"
}

server_start policy postgres config=policy
url=$(server_url policy)
judged=("$url" "${SINGLE_SERVER[@]}" --exhaustive --timeout 20000)

check plain "${judged[@]}"
equal 'undisturbed: exit status' 0 "$status"
killed once 300 "${judged[@]}" --rate 300
resumed once "${judged[@]}"
equal 'killed once: exit status' 0 "$status"
same_report once plain 1
holds 'killed once: the journal is complete' \
	grep -q '^[0-9a-f]* end$' <(tail -1 "$SERVERS/once.journal")

# Complete: begun anew.
resumed once "${judged[@]}"
equal 'complete: everything is asked again' "$(connections plain)" "$(connections once)"
equal 'complete: nothing is from the journal' '' "$(answers once)"

for _ in 1 2 3; do
	killed thrice 150 "${judged[@]}" --rate 300
done
# The end of the last line is lost with the power.
truncate -s -20 "$SERVERS/thrice.journal"
resumed thrice "${judged[@]}"
same_report thrice plain 3

# Once the report could not be written, everything is still there.
status=0
"$tlsgauge" check "${judged[@]}" --journal "$SERVERS/full.journal" --report json=/dev/full \
	>"$SERVERS/full.out" 2>&1 || status=$?
equal 'a report that cannot be written: exit status' 4 "$status"
resumed full "${judged[@]}"
equal 'a report that could not be written is made of the journal' 0 "$(connections full)"
equal 'and is the same' "$(told plain)" "$(told full)"

# Cases, with pauses, silences, tickets and resumptions in them.
cases=("${judged[@]}" --cases all)
check plain-cases "${cases[@]}"
killed cases 1300 "${cases[@]}"
killed cases 150 "${cases[@]}"
killed cases 150 "${cases[@]}"
holds 'cases: killed in the middle of them' grep -q 'interruption cases' "$SERVERS/cases.journal"
resumed cases "${cases[@]}"
same_report cases plain-cases 3

# Several targets in one journal; the first is over when it is killed.
server_start web nginx config=policy
printf '%s\n%s\n' "$url ${SINGLE_SERVER[*]}" \
	"$(server_url web) --policy azure-postgresql-single-server" >"$SERVERS/targets"
listed=(--targets "$SERVERS/targets" --exhaustive --timeout 20000)
check plain-targets "${listed[@]}"
killed targets 1300 "${listed[@]}" --concurrency 2
status=0
resumed targets "${listed[@]}" --concurrency 3
equal 'targets: another concurrency is another run' 2 "$status"
resumed targets "${listed[@]}" --concurrency 2
equal 'targets: the same findings' "$(told plain-targets)" "$(told targets)"
equal 'targets: the first is asked nothing' 0 "$(jq '.runs[0].connections' "$SERVERS/targets.json")"

# A case that brings the endpoint down is found, whenever the run is killed.
cat >"$SERVERS/crash.case" <<'END'
case crash.killer
  cite   "RFC 5246 7.4.1.4" MUST
  why    "what nobody knows is passed over, and kills nobody"
  at     TLS1.2
  send   client_hello { extensions add { extension 43981 { "mortal" } } }
  expect server_hello
END
for more in 20 60; do
	name=crash-$more
	server_start "$name" mortal "backend=$(server_port web)" away=400
	deadly=("$(server_url "$name")" --cases "extensions,$SERVERS/crash.case" --timeout 20000)
	killed "$name" "$more" "${deadly[@]}" --rate 200
	resumed "$name" "${deadly[@]}"
	equal "crash, killed after $more: the culprit" fail \
		"$(findings "$name" 'select(.id == "case/crash.killer/TLS1.2") | .verdict')"
	equal "crash, killed after $more: nothing is left open" '' "$(ids "$name" inconclusive)"
	server_stop "$name"
done
# Killed while the culprit is looked for, and gone on with before the endpoint is back.
for deaths in 1 2 3; do
	name=crash-late-$deaths
	server_start "$name" mortal "backend=$(server_port web)" away=1500
	deadly=("$(server_url "$name")" --cases "extensions,$SERVERS/crash.case" --timeout 20000)
	killed_when "$name" "$deaths" grep -c died "$SERVERS/$name.log" -- "${deadly[@]}"
	resumed "$name" "${deadly[@]}"
	equal "crash, killed in death $deaths: the culprit" fail \
		"$(findings "$name" 'select(.id == "case/crash.killer/TLS1.2") | .verdict')"
	equal "crash, killed in death $deaths: the rest is settled" '' "$(ids "$name" inconclusive)"
	server_stop "$name"
done

# The hellos of '--strength', some of them in two segments with a pause between.
server_start broken reference set=minimum_tls_version=TLS1_2 defect=intolerant-of-fragments
formed=("$(server_url broken)" "${SINGLE_SERVER[@]}" --sni localhost --strength 2 --only 'hello/*')
check plain-formed "${formed[@]}"
for _ in 1 2; do
	killed formed 80 "${formed[@]}" --rate 200
done
resumed formed "${formed[@]}"
same_report formed plain-formed 2
server_stop broken

# One that does not answer keeps the journal; one that answers otherwise is asked anew.
killed moved 300 "${judged[@]}" --rate 300
before=$(kept moved)
server_stop policy
resumed moved "${judged[@]}"
equal 'away: exit status' 3 "$status"
holds 'away: said so' grep -q 'did not answer when the run was to go on' "$SERVERS/moved.json"
equal 'away: the journal is kept' "$before" "$(kept moved)"

# The same port and certificate, and one suite less.
server_restart() {
	local conf=$SERVERS/policy/data/postgresql.conf
	sed -i "s/^ssl_ciphers = .*/ssl_ciphers = '$1'/" "$conf"
	setsid setpriv "${drop[@]}" --pdeathsig INT -- env \
		"OPENSSL_CONF=$SERVERS/policy/openssl.cnf" "$POSTGRES_BIN/postgres" \
		-D "$SERVERS/policy/data" </dev/null >>"$SERVERS/policy.log" 2>&1 &
	server_pid[policy]=$!
	server_born[policy]=$(server_birth $!)
	server_await policy "$(server_port policy)" true
	sleep 1
}
drop=()
[ "$(id -u)" -ne 0 ] || drop=(--reuid postgres --regid postgres --clear-groups)
server_restart ECDHE-RSA-AES128-SHA256
check plain-moved "${judged[@]}"
resumed moved "${judged[@]}"
equal 'moved: exit status' 1 "$status"
holds 'moved: said on standard error' grep -q 'everything was asked anew' "$SERVERS/moved.err"
holds 'moved: said in the report' grep -q 'everything was asked anew' <(answers moved)
equal 'moved: nothing of what was is told' "$(told plain-moved)" "$(told moved)"
finish
