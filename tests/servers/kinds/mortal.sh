# SPDX-License-Identifier: Apache-2.0
# mortal.sh - a proxy in front of backend=PORT whose process dies of whatever holds the text
# marker=mortal, and is started again after away=400 milliseconds (-1: never).
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_mortal() {
	local port=$3
	shift 3
	server_needs python3 python3
	command=(python3 "$SERVERS_HERE/mortal.py" "$port" "$(server_option backend 0 "$@")"
		"$(server_option marker mortal "$@")" "$(server_option away 400 "$@")")
}
