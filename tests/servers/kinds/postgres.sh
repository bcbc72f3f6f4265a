# SPDX-License-Identifier: Apache-2.0
# postgres.sh - PostgreSQL. config=policy (TLS 1.2, the four suites, hostssl only), legacy (TLS 1.0
# up, everything that OpenSSL has, host) or flex (TLS 1.2 up, default suites, hostssl only). Single
# settings: ssl=off, hba=host|hostssl, min=, max= (TLSv1.1 ...), suites= (OpenSSL's notation),
# certificate=rsa|ecdsa.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_postgres() {
	local directory=$2 port=$3 config suites min max hba security
	shift 3
	config=$(server_option config policy "$@")
	case $config in
	policy) suites=$SERVER_FOUR min=TLSv1.2 max=TLSv1.2 hba=hostssl ;;
	legacy) suites=$SERVER_ALL min=TLSv1 max='' hba=host ;;
	flex) suites='HIGH:MEDIUM:+3DES:!aNULL' min=TLSv1.2 max='' hba=hostssl ;;
	*) server_die "no such configuration of PostgreSQL: '$config'" ;;
	esac
	suites=$(server_option suites "$suites" "$@")
	min=$(server_option min "$min" "$@")
	postgres_database "$directory"
	printf 'local all all trust\n%s all all 127.0.0.1/32 scram-sha-256\n' \
		"$(server_option hba "$hba" "$@")" >"$directory/data/pg_hba.conf"
	cat >"$directory/data/postgresql.conf" <<-END
		listen_addresses = '127.0.0.1'
		port = $port
		unix_socket_directories = ''
		ssl = $(server_option ssl on "$@")
		ssl_cert_file = '$directory/server.pem'
		ssl_key_file = '$directory/server.key'
		ssl_min_protocol_version = '$min'
		ssl_max_protocol_version = '$(server_option max "$max" "$@")'
		ssl_ciphers = '$suites'
		fsync = off
		max_connections = 100
		autovacuum = off
	END
	postgres_key "$directory" "$(server_option certificate rsa "$@")"
	# OpenSSL refuses SHA-1 signatures, and with them TLS 1.0 and 1.1, above security level 0.
	security=1
	[[ $suites$min != *SECLEVEL=0* && $min != TLSv1 && $min != TLSv1.1 ]] || security=0
	openssl_security "$directory/openssl.cnf" "$security"
	command=(env "OPENSSL_CONF=$directory/openssl.cnf" "$POSTGRES_BIN/postgres"
		-D "$directory/data")
	scheme=postgresql signal=INT account=postgres
	ready="grep -q ready $directory/data/postmaster.pid"
}

# postgres_database DIRECTORY: initdb takes seconds, so that servers get copies of the first one.
postgres_database() {
	local as=()
	POSTGRES_BIN=$(find /usr/lib/postgresql -path '*/bin' 2>/dev/null | sort -V | tail -1)
	server_needs "${POSTGRES_BIN:-/usr/lib/postgresql/15/bin}/postgres" postgresql-15
	if [ ! -d "$SERVERS/postgres-template" ]; then
		mkdir "$SERVERS/postgres-template"
		if [ "$(id -u)" -eq 0 ]; then
			chown postgres "$SERVERS/postgres-template"
			as=(setpriv --reuid postgres --regid postgres --clear-groups --)
		fi
		"${as[@]}" "$POSTGRES_BIN/initdb" -D "$SERVERS/postgres-template/data" -A trust \
			-U postgres --no-sync --locale C >"$SERVERS/initdb.log" 2>&1 ||
			server_die "initdb failed: $(tail -1 "$SERVERS/initdb.log")"
	fi
	[ -d "$1/data" ] || cp -a "$SERVERS/postgres-template/data" "$1/data"
	rm -f "$1/data/postmaster.pid"
}

# postgres_key DIRECTORY KIND: PostgreSQL and PgBouncer want a private key of their own.
postgres_key() {
	cp "$SERVERS/certificates/$2.pem" "$1/server.pem"
	cp "$SERVERS/certificates/$2.key" "$1/server.key"
	chmod 600 "$1/server.key"
}

# openssl_security FILE LEVEL: a configuration of OpenSSL that changes its security level only.
openssl_security() {
	cat >"$1" <<-END
		openssl_conf = configuration
		[configuration]
		ssl_conf = ssl
		[ssl]
		system_default = defaults
		[defaults]
		CipherString = DEFAULT:@SECLEVEL=$2
		$([ "$2" -gt 0 ] || echo MinProtocol = TLSv1)
	END
}
