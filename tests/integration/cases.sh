#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cases.sh TLSGAUGE SERVER...: the whole catalogue against a server, three times, side by side. What
# deviates is what cases/SERVER.expected and docs/conformance.md account for, all of it and nothing
# else; the three runs agree; and what has not to wait for a silence is quick.
set -euo pipefail
tlsgauge=$1
shift
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
catalogue=$here/../../cases

declare -A servers=(
	[openssl]='openssl mode=plain'
	[gnutls]='gnutls'
	[nginx]='nginx'
	[postgres]='postgres config=legacy'
	[postgres-policy]='postgres config=policy'
)
RUNS='1 2 3'

# What every run has in common: a line for each finding.
verdicts() {
	jq -r '.findings[] | "\(.id) \(.verdict) \(.grade // "-")"' "$SERVERS/$1.json"
}

run_all() {
	local server=$1 run options
	read -ra options <<<"${servers[$server]}"
	for run in $RUNS; do
		server_start "$server-$run" "${options[@]}"
	done
	for run in $RUNS; do
		{
			timeout 300 "$tlsgauge" check "$(server_url "$server-$run")" --cases all \
				--expected "$here/cases/$server.expected" \
				--report "json=$SERVERS/$server-$run.json" \
				>"$SERVERS/$server-$run.out" 2>"$SERVERS/$server-$run.err" &&
				echo 0 || echo $?
		} >"$SERVERS/$server-$run.status" &
		running[run]=$!
	done
	wait "${running[@]}"
}

# A line of the list that nothing bears out any more has outlived its deviation.
outlived() {
	jq -r '.findings[] | select(.verdict == "expected_fail") | .remarks[]' "$SERVERS/$1.json" |
		sed -n 's/^known: //p' | sort -u >"$SERVERS/$1.known"
	sed -n 's/^[^#].*"\(.*\)"$/\1/p' "$2" | sort -u | comm -23 - "$SERVERS/$1.known"
}

# processor NAME: what the server and its former children have used, in ms.
processor() {
	sed 's/^.*) //' "/proc/${server_pid[$1]}/stat" |
		awk -v ticks="$(getconf CLK_TCK)" '{ print int(($12 + $13 + $14 + $15) * 1000 / ticks) }'
}

# The cases of which no finding had to wait, as a file of their own.
write_quick_cases() {
	jq -r '[.findings[] | select(.verdict != "not_applicable")
		| {name: (.id | split("/")[1]),
		   waits: (.observed.outcome == "timeout" or (.observed.elapsed_ms // 0) >= 300)}]
		| group_by(.name)[] | select(all(.waits | not))[0].name' "$SERVERS/$1.json" \
		>"$SERVERS/$1.quick"
	awk -v list="$SERVERS/$1.quick" '
		BEGIN { while ((getline line < list) > 0) wanted[line] = 1 }
		/^[a-z#]/ { copied = 0 }
		/^feature / || (/^case / && $2 in wanted) { copied = 1 }
		copied' "$catalogue"/*.case >"$SERVERS/$1.case"
}

# More is ready to run, on average of the last minute, than there are processors for.
is_busy() {
	awk -v processors="$(nproc)" '{ exit !($1 > processors) }' /proc/loadavg
}

# quick SERVER: 700 of the findings that came without a silence take at most 5 seconds; where the
# machine is busy with something else, 5 seconds of processors, ours and the server's.
quick() {
	local name=$1-1 shards TIMEFORMAT='%U %S' before wall used
	write_quick_cases "$name"
	shards=$(jq '[.findings[] | select(.verdict != "not_applicable")] | length / 700 | round
		| if . < 1 then 1 else . end' "$SERVERS/$name.json")
	before=$(processor "$name")
	{ time check quick "$(server_url "$name")" --cases "$SERVERS/$name.case" \
		--shard "1/$shards"; } 2>"$SERVERS/quick.time"
	used=$(($(processor "$name") - before +
		$(awk '{ ms = ($1 + $2) * 1000 } END { print int(ms) }' "$SERVERS/quick.time")))
	wall=$(jq .run.duration_ms "$SERVERS/quick.json")
	jq -r "[.findings[] | select(.verdict != \"not_applicable\")] | length
		| \"$1: \\(.) findings, $wall ms, $used ms of processors\"" "$SERVERS/quick.json"
	! is_busy || wall=$((wall < used ? wall : used))
	holds "$1: 700 findings take at most 5 s beyond the silences" [ "$wall" -le 5000 ]
}

for server in "$@"; do
	[ -n "${servers[$server]:-}" ] || server_die "no such server: '$server'"
	running=()
	run_all "$server"
	for run in $RUNS; do
		name=$server-$run
		equal "$server, run $run: everything is as it is known to be" 0 \
			"$(cat "$SERVERS/$name.status")"
		explain "$name"
		jq -r '.run.notes[]?' "$SERVERS/$name.json" || true
		equal "$server, run $run: no known deviation has gone" '' \
			"$(outlived "$name" "$here/cases/$server.expected"
			cat "$SERVERS/$name.err")"
		equal "$server: run $run is as the first one" \
			"$(verdicts "$server-1")" "$(verdicts "$name")"
	done
	quick "$server"
	server_stop_all
done
finish
