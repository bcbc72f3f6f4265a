# SPDX-License-Identifier: Apache-2.0
# lib.sh - what the benches share: a quiet place, servers, times, medians. Sourced by bash scripts.
# shellcheck shell=bash
#
#   bench_alone ARGUMENT...  runs the script once more with these, in a network of its own
#   bench_build              builds the release preset's bench target, and sets BENCH_BUILD
#   measure NAME COMMAND...  runs it: median_us NAME, connections[NAME], $SERVERS/NAME.out
#
# The kernel counts connections by network namespace: in one of its own, a bench sees only what it
# caused, whatever else the machine does.

BENCH_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# shellcheck source=../tests/servers/lib.sh
. "$BENCH_HERE/../tests/servers/lib.sh"
# shellcheck source=../scripts/lib.sh
. "$BENCH_HERE/../scripts/lib.sh"

bench_alone() {
	[ -z "${BENCH_ALONE:-}" ] || return 0
	export BENCH_ALONE=yes
	server_cleanup
	local namespace=(unshare --net)
	[ "$(id -u)" -eq 0 ] || namespace+=(--user --map-current-user --keep-caps)
	if "${namespace[@]}" ip link set lo up 2>/dev/null; then
		# shellcheck disable=SC2016 # the inner shell expands it
		exec "${namespace[@]}" sh -c 'ip link set lo up && exec "$0" "$@"' "$0" "$@"
	fi
	say 'no network of its own to be had: connections of other programs are counted, too'
	exec "$0" "$@"
}

bench_build() {
	(build release build/release bench)
	# shellcheck disable=SC2034 # for the benches
	BENCH_BUILD=$ROOT/build/release
}

# Connections accepted in this namespace so far: Tcp's PassiveOpens.
bench_accepted() {
	awk '/^Tcp:/ && seen++ { print $7 }' /proc/net/snmp
}

median() {
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

declare -A connections=()
measure() {
	local name=$1 before begin end
	shift
	before=$(bench_accepted)
	begin=$EPOCHREALTIME
	"$@" >"$SERVERS/$name.out" 2>&1 </dev/null || true
	end=$EPOCHREALTIME
	printf '%s\n' $((${end/[.,]/} - ${begin/[.,]/})) >>"$SERVERS/$name.us"
	# shellcheck disable=SC2034 # for the benches
	connections[$name]=$(($(bench_accepted) - before))
}

median_us() {
	median <"$SERVERS/$1.us"
}

runs_of() {
	wc -l <"$SERVERS/$1.us"
}

seconds_of() {
	awk -v us="$(median_us "$1")" 'BEGIN { printf "%.3f", us / 1e6 }'
}

# ratio A B
ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
}

# paired FILE FILE: the median of the ratios of lines that stand side by side: what was measured one
# after the other met the same load.
paired() {
	paste "$1" "$2" | awk '{ printf "%.3f\n", $1 / $2 }' | median
}

# taking_turns ROUND FUNCTION FUNCTION: calls both, the first one first in every other round.
taking_turns() {
	if [ $(($1 % 2)) -eq 0 ]; then
		"$2" && "$3"
	else
		"$3" && "$2"
	fi
}

# goal TEXT VALUE LIMIT: whether a goal of the design is met: VALUE is at most LIMIT.
goal() {
	awk -v text="$1" -v value="$2" -v limit="$3" 'BEGIN {
		printf "  goal: %s: %s, at most %s: %s\n", text, value, limit,
			value + 0 <= limit + 0 ? "met" : "MISSED" }'
}

# goal_least TEXT VALUE LIMIT: the same where VALUE is at least LIMIT.
goal_least() {
	awk -v text="$1" -v value="$2" -v limit="$3" 'BEGIN {
		printf "  goal: %s: %s, at least %s: %s\n", text, value, limit,
			(value + 0 >= limit + 0) ? "met" : "MISSED" }'
}

# values FILE NAME: of each NAME=VALUE among the lines that a program printed into $SERVERS/FILE.
values() {
	sed -n "s/.* $2=\([0-9.]*\).*/\1/p" "$SERVERS/$1"
}

bench_machine() {
	printf '%s, %s processors, load average %s\n' "$(uname -m)" "$(nproc)" \
		"$(cut -d ' ' -f 1 /proc/loadavg)"
}
