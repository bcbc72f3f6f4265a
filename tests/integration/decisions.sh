#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# decisions.sh TLSGAUGE: decisions of the design that take an endpoint to see: several addresses of
# one name, direct TLS, names that are sent and names that are judged.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# of NAME ID FILTER: a member of one finding.
of() {
	jq -r --arg id "$2" ".findings[] | select(.id == \$id) | $3" "$SERVERS/$1.json"
}

# serving NAME PORT ADDRESS OPTION...: the reference endpoint at one address.
declare -A serving_pid=()
serving() {
	local name=$1 port=$2 address=$3 tick
	shift 3
	setpriv --pdeathsig TERM -- "$tlsgauge" serve --listen "$address:$port" "$@" \
		>"$SERVERS/$name.listening" 2>&1 &
	serving_pid[$name]=$!
	for ((tick = 0; tick < 200; tick++)); do
		! grep -qs listening "$SERVERS/$name.listening" || return 0
		sleep 0.05
	done
	cat "$SERVERS/$name.listening"
	return 1
}

stop_serving() {
	kill "${serving_pid[$1]}"
	wait "${serving_pid[$1]}" || true
}

several_addresses() {
	local port four=suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256
	port=$(server_free_port)
	serving v6 "$port" '[::1]' --set minimum_tls_version=TLS1_2
	check one-of-two "postgresql://localhost:$port" "${SINGLE_SERVER[@]}"
	equal 'address that answers nothing: the other is proven' 0 "$status"
	equal 'address that answers nothing: it is named' \
		"127.0.0.1:$port answered nothing and was left out" \
		"$(jq -r '.run.notes[]' "$SERVERS/one-of-two.json")"

	serving v4 "$port" 127.0.0.1 --policy mozilla-intermediate-5.7 --over postgresql
	check both "postgresql://localhost:$port" "${SINGLE_SERVER[@]}"
	equal 'addresses that differ: not a success' yes "$([[ $status == [13] ]] && echo yes)"
	equal 'addresses that differ: each is asked' 2 "$(jq '.runs | length' "$SERVERS/both.json")"
	equal 'addresses that differ: the cell is inconsistent' inconclusive \
		"$(of both "$four" .verdict | sort -u)"
	holds 'addresses that differ: and says so' \
		grep -q inconsistent <(of both "$four" '.remarks[]')
	stop_serving v4
	stop_serving v6
}

direct_tls() {
	server_start direct openssl config=policy more="-alpn postgresql"
	check direct "postgresql-direct://127.0.0.1:$(server_port direct)" "${SINGLE_SERVER[@]}" \
		--depth finished
	equal 'direct TLS: exit status' 0 "$status"
	equal 'direct TLS: alpn is part of the shape' yes \
		"$(of direct version/TLS1.2 '.shape | if test("alpn") then "yes" else . end')"
	server_stop direct
}

names() {
	server_start named postgres config=policy
	check by-address "$(server_url named)" "${SINGLE_SERVER[@]}"
	equal 'an address: no name is judged' unjudged \
		"$(of by-address certificate/hostname .verdict)"
	equal 'without --ca: no root is judged' unjudged \
		"$(of by-address certificate/root .verdict)"
	check by-name db.test "${SINGLE_SERVER[@]}" --connect "127.0.0.1:$(server_port named)" \
		--ca "$SERVERS/certificates/ca.pem"
	equal 'a name: it is judged' pass "$(of by-name certificate/hostname .verdict)"
	equal 'with --ca: roots are judged' pass "$(of by-name certificate/root .verdict)"
	check no-name db.test "${SINGLE_SERVER[@]}" --connect "127.0.0.1:$(server_port named)" \
		--sni ''
	equal 'an empty --sni: none is sent' no \
		"$(of no-name version/TLS1.2 '.shape | if test("sni") then "yes" else "no" end')"
	equal 'an empty --sni: the name is judged all the same' pass \
		"$(of no-name certificate/hostname .verdict)"
	server_stop named
}

if [ -e /proc/net/if_inet6 ] && grep -q '^0*1 ' /proc/net/if_inet6; then
	several_addresses
fi
direct_tls
names
finish
