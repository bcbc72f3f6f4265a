# SPDX-License-Identifier: Apache-2.0
# dns.sh - a name server that knows one name: name=db.test address=127.0.0.1.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_dns() {
	local port=$3
	shift 3
	server_needs python3 python3
	scheme=dns
	command=(python3 "$SERVERS_HERE/dns.py" "$port" "$(server_option name db.test "$@")"
		"$(server_option address 127.0.0.1 "$@")")
}
