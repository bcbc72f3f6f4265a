# SPDX-License-Identifier: Apache-2.0
# pgbouncer.sh - PgBouncer, which ends TLS in front of PostgreSQL. config=policy (TLS 1.2, the four
# suites) or legacy (TLS 1.0 up, everything that OpenSSL has); backend=PORT.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_pgbouncer() {
	local directory=$2 port=$3 config protocols suites
	shift 3
	server_needs pgbouncer pgbouncer
	config=$(server_option config policy "$@")
	case $config in
	policy) protocols=tlsv1.2 suites=$SERVER_FOUR ;;
	legacy) protocols=all suites=$SERVER_ALL ;;
	*) server_die "no such configuration of PgBouncer: '$config'" ;;
	esac
	cp "$SERVERS/certificates/rsa.pem" "$directory/server.pem"
	cp "$SERVERS/certificates/rsa.key" "$directory/server.key"
	echo '"gauge" "gauge"' >"$directory/users"
	# It keeps sockets of failed handshakes until the login timeout.
	cat >"$directory/pgbouncer.ini" <<-END
		[databases]
		* = host=127.0.0.1 port=$(server_option backend 9 "$@")
		[pgbouncer]
		listen_addr = 127.0.0.1
		listen_port = $port
		unix_socket_dir =
		auth_type = plain
		auth_file = $directory/users
		client_login_timeout = 2
		max_client_conn = 500
		client_tls_sslmode = require
		client_tls_cert_file = $directory/server.pem
		client_tls_key_file = $directory/server.key
		client_tls_protocols = $protocols
		client_tls_ciphers = $suites
		client_tls_dheparams = auto
	END
	command=(env OPENSSL_CONF=/dev/null pgbouncer -q "$directory/pgbouncer.ini")
	scheme=postgresql account=postgres
}
