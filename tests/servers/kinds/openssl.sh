# SPDX-License-Identifier: Apache-2.0
# openssl.sh - openssl s_server. config=all (TLS 1.0 up, every suite, RSA and ECDSA certificates,
# PSK), rsa (the same with an RSA certificate only, no PSK) or policy (TLS 1.2, the four suites).
# more='OPTION...' is given to s_server as well. mode=plain leaves out -www, with which s_server
# sleeps for a second whenever it would have to wait; it then serves one connection after the other,
# and quits when its standard input ends, which a pipe that it holds open itself never does.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_openssl() {
	local directory=$2 port=$3 certificates=$SERVERS/certificates config more mode
	shift 3
	server_needs openssl openssl
	config=$(server_option config all "$@")
	mode=$(server_option mode www "$@")
	command=(env OPENSSL_CONF=/dev/null openssl s_server -accept "127.0.0.1:$port" -quiet
		-cert "$certificates/rsa.pem" -key "$certificates/rsa.key")
	case $mode in
	www) command+=(-www) ;;
	plain)
		[ -p "$directory/input" ] || mkfifo "$directory/input"
		# shellcheck disable=SC2016 # the inner shell reads its own arguments
		command=(bash -c 'exec "${@:2}" 0<>"$1"' openssl "$directory/input" "${command[@]}")
		;;
	*) server_die "no such mode of s_server: '$mode'" ;;
	esac
	case $config in
	all)
		command+=(-cipher "$SERVER_ALL" -min_protocol TLSv1
			-psk 00112233445566778899aabbccddeeff
			-dcert "$certificates/ecdsa.pem" -dkey "$certificates/ecdsa.key")
		;;
	rsa) command+=(-cipher "$SERVER_ALL" -min_protocol TLSv1) ;;
	policy) command+=(-cipher "$SERVER_FOUR" -tls1_2) ;;
	*) server_die "no such configuration of s_server: '$config'" ;;
	esac
	read -ra more <<<"$(server_option more '' "$@")"
	command+=("${more[@]}")
}
