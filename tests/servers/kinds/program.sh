# SPDX-License-Identifier: Apache-2.0
# program.sh - a program that is given its port: program=PATH.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_program() {
	local port=$3
	shift 3
	command=("$(server_option program '' "$@")" "$port")
}
