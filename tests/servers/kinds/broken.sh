# SPDX-License-Identifier: Apache-2.0
# broken.sh - servers that misbehave. how=closed (nothing listens), hung (accepts, never answers),
# half-open (answers SSLRequest, then is silent), alerting (a handshake_failure is its answer to
# everything), http (a plain web server), hostile (its answer is an ErrorResponse full of markup),
# or a proxy in front of backend=PORT: refusing (resets share=0.05 of the connections,
# chosen by seed=1), dying (serves the first after=20 connections and closes all others), choking
# (those stay open in silence) or spoiling (a bit of the server's TLS 1.2 Finished is flipped).
# scheme=postgresql|tls.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_broken() {
	local port=$3 how
	shift 3
	how=$(server_option how hung "$@")
	scheme=$(server_option scheme postgresql "$@")
	[ "$how" != closed ] || return 0
	server_needs python3 python3
	command=(python3 "$SERVERS_HERE/broken.py" "$how" "$port" "$(server_option backend 0 "$@")"
		"$(server_option share 0.05 "$@")" "$(server_option seed 1 "$@")"
		"$(server_option after 20 "$@")")
}
