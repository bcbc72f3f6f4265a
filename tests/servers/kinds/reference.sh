# SPDX-License-Identifier: Apache-2.0
# reference.sh - the reference endpoint of $tlsgauge, which the script has set: policy=NAME,
# set=NAME=VALUE, defect=NAME, over=tls.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_reference() {
	local port=$3 option
	shift 3
	scheme=postgresql
	command=("$tlsgauge" serve --listen "127.0.0.1:$port")
	for option in "$@"; do
		command+=("--${option%%=*}" "${option#*=}")
		[ "$option" != over=tls ] || scheme=tls
	done
}
