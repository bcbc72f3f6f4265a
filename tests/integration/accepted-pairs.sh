#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# accepted-pairs.sh TLSGAUGE SERVER...: the (version, suite) pairs that a server accepts, by group
# proof and by single probes, against those that other clients establish. "all" is every SERVER.
set -euo pipefail
tlsgauge=$1
shift
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

declare -A servers=(
	[postgres-policy]='postgres config=policy'
	[postgres-legacy]='postgres config=legacy'
	[postgres-flex]='postgres config=flex'
	[postgres-ecdsa]='postgres config=legacy certificate=ecdsa'
	[pgbouncer-policy]='pgbouncer config=policy'
	[pgbouncer-legacy]='pgbouncer config=legacy'
	[openssl-all]='openssl config=all'
	[openssl-rsa]='openssl config=rsa'
	[openssl-policy]='openssl config=policy'
	[nginx-all]='nginx config=all'
	[nginx-policy]='nginx config=policy'
	[gnutls]='gnutls'
)

# accepted NAME: "VERSION SUITE" of every pair for which the report has a ServerHello.
accepted() {
	findings "$1" 'select(.kind == "suite" and .observed.outcome == "server_hello")
		| "\(.observed.version) \(.observed.suite)"'
}

# compare NAME MODE OPTION...: one run against what the oracle found.
compare() {
	local name=$1 mode=$2 run=$1-$2 offered=$SERVERS/$1.offered
	shift 2
	check "$run" "$(server_url "$name")" "${SINGLE_SERVER[@]}" "$@"
	equal "$name, $mode: the accepted pairs are the oracle's" \
		"$(cat "$SERVERS/$name.accepted")" \
		"$(accepted "$run" | LC_ALL=C comm -12 - "$offered")"
	equal "$name, $mode: every suite cell is settled" '' \
		"$(findings "$run" 'select(.kind == "suite" and
			(.verdict == "inconclusive" or .verdict == "error")) | .id')"
	accepted "$run" | LC_ALL=C comm -23 - "$offered" |
		sed "s/^/not compared, the oracle's clients cannot offer it: /"
	jq -r --arg run "$run" '.run | "\($run): \(.connections) connections, \(.duration_ms) ms"' \
		"$SERVERS/$run.json" || true
}

pairs_of() {
	local name=$1 clients=(openssl) options
	[ -n "${servers[$name]:-}" ] || server_die "no such server: '$name'"
	[ "$name" != gnutls ] || clients+=(gnutls)
	read -ra options <<<"${servers[$name]}"
	server_start "$name" "${options[@]}"
	"$SERVERS_HERE/oracle" "$(server_url "$name")" "${clients[@]}" >"$SERVERS/$name.oracle"
	sed -n 's/^accepted //p' "$SERVERS/$name.oracle" | LC_ALL=C sort >"$SERVERS/$name.accepted"
	grep -v '^unoffered ' "$SERVERS/$name.oracle" | cut -d ' ' -f 2- | LC_ALL=C sort \
		>"$SERVERS/$name.offered"
	[ -s "$SERVERS/$name.accepted" ] || fail "$name: the oracle found nothing accepted"
	compare "$name" group
	compare "$name" single --exhaustive
	equal "$name: group proof and single probes agree" \
		"$(accepted "$name-single")" "$(accepted "$name-group")"
	server_stop "$name"
}

[ "${1:-all}" != all ] || set -- "${!servers[@]}"
for server in "$@"; do
	pairs_of "$server"
done
finish
