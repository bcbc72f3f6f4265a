# SPDX-License-Identifier: Apache-2.0
# lib.sh - real and misbehaving servers on loopback, for tests. Sourced by bash scripts.
# shellcheck shell=bash
#
#   server_start NAME KIND [OPTION=VALUE...]   starts one; kinds/KIND.sh says which options it has
#   server_url NAME, server_port NAME          where it listens: postgresql://127.0.0.1:PORT
#   server_stop NAME, server_stop_all          ends what was started here, and nothing else
#
# Ports are chosen when a server starts. Configurations, certificates, logs and the databases lie in
# a folder of their own ($SERVERS), which goes with the script that sourced this. A server that does
# not start ends the script with status 99 and its log.

SERVERS_HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SERVERS=$(mktemp -d)
chmod 755 "$SERVERS"
SERVERS_OWNER=$BASHPID
declare -A server_pid=() server_born=() server_ports=() server_scheme=() server_signal=()
trap server_cleanup EXIT
# A signal ends the script through its EXIT trap.
trap 'exit 130' INT
trap 'exit 143' TERM HUP

server_die() {
	printf 'servers: %s\n' "$*" >&2
	exit 99
}

# server_needs COMMAND PACKAGE: ends the script with a sentence that names the package.
server_needs() {
	command -v "$1" >/dev/null || [ -x "$1" ] ||
		server_die "'$1' is missing: install the Debian package $2"
}

# server_birth PID: when the process started, in clock ticks; a number used anew differs here.
server_birth() {
	sed -e 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20
}

server_alive() {
	[ -n "${server_pid[$1]:-}" ] &&
		[ "$(server_birth "${server_pid[$1]}")" = "${server_born[$1]}" ]
}

# server_listens PORT: asks the kernel's table, so that no connection is spent on it.
server_listens() {
	grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$1") [0-9A-F]+:0000 0A " \
		/proc/net/tcp /proc/net/tcp6
}

# server_free_port: one below the range from which clients are given theirs, in nobody's use.
server_free_port() {
	local port
	while :; do
		port=$((10240 + (RANDOM << 15 | RANDOM) % 20000))
		grep -qsE "^ *[0-9]+: [0-9A-F]+:$(printf %04X "$port") " \
			/proc/net/tcp /proc/net/tcp6 || break
	done
	printf '%s\n' "$port"
}

# server_option NAME DEFAULT OPTION...: the value of NAME=VALUE among the options.
server_option() {
	local name=$1 value=$2 option
	shift 2
	for option in "$@"; do
		[ "${option%%=*}" != "$name" ] || value=${option#*=}
	done
	printf '%s\n' "$value"
}

# server_start NAME KIND [OPTION...]: returns when the server listens and is ready.
server_start() {
	local name=$1 kind=$2 attempt
	shift 2
	[ -e "$SERVERS_HERE/kinds/$kind.sh" ] || server_die "no such kind of server: '$kind'"
	! server_alive "$name" || server_die "server '$name' runs already"
	[ -d "$SERVERS/certificates" ] || server_certificates
	# shellcheck source=/dev/null
	. "$SERVERS_HERE/kinds/$kind.sh"
	mkdir -p "$SERVERS/$name"
	# Somebody else may take the port between its choice and its use.
	for attempt in 1 2 3 4 5; do
		server_launch "$name" "$kind" "$@" && return
		grep -qi 'address.* in use\|bind' "$SERVERS/$name.log" || break
	done
	cat "$SERVERS/$name.log" >&2
	server_die "$kind server '$name' did not start (attempt $attempt)"
}

# What kinds set: command (an array), scheme, signal (the one that ends it), account (who runs it
# when we are root), ready (a command that succeeds when it is up).
server_launch() {
	local name=$1 kind=$2 port directory=$SERVERS/$1
	local command=() scheme=tls signal=TERM account='' ready=true drop=()
	shift 2
	port=$(server_free_port)
	server_ports[$name]=$port
	"kind_$kind" "$name" "$directory" "$port" "$@"
	server_scheme[$name]=$scheme
	server_signal[$name]=$signal
	[ ${#command[@]} -gt 0 ] || return 0

	if [ -n "$account" ] && [ "$(id -u)" -eq 0 ]; then
		chown -R "$account" "$directory"
		drop=(--reuid "$account" --regid "$account" --clear-groups)
	fi
	# A script that is killed takes its servers with it.
	setsid setpriv "${drop[@]}" --pdeathsig "$signal" -- "${command[@]}" \
		</dev/null >"$directory.log" 2>&1 &
	server_pid[$name]=$!
	server_born[$name]=$(server_birth $!)
	server_await "$name" "$port" "$ready"
}

# server_await NAME PORT READY: up to 20 seconds.
server_await() {
	local tick
	for ((tick = 0; tick < 400; tick++)); do
		if server_listens "$2" && $3; then
			return 0
		fi
		server_alive "$1" || return 1
		sleep 0.05
	done
	server_stop "$1"
	return 1
}

server_port() {
	printf '%s\n' "${server_ports[$1]}"
}

server_url() {
	printf '%s://127.0.0.1:%s\n' "${server_scheme[$1]}" "${server_ports[$1]}"
}

# server_stop NAME: asks, waits up to 5 seconds, then kills; does nothing when it has ended.
server_stop() {
	local name=$1 tick
	if server_alive "$name"; then
		kill -"${server_signal[$name]}" "${server_pid[$name]}" 2>/dev/null || true
		for ((tick = 0; tick < 100; tick++)); do
			server_alive "$name" || break
			sleep 0.05
		done
		! server_alive "$name" || kill -KILL -- "-${server_pid[$name]}" 2>/dev/null || true
		wait "${server_pid[$name]}" 2>/dev/null || true
	fi
	unset "server_pid[$name]"
}

server_stop_all() {
	local name
	for name in "${!server_pid[@]}"; do
		server_stop "$name"
	done
}

# Subshells of the script inherit its trap and must not act on it.
server_cleanup() {
	[ "$BASHPID" = "$SERVERS_OWNER" ] || return 0
	server_stop_all
	rm -rf "$SERVERS"
}

# server_certificates: a CA, and certificates for localhost from it: rsa.pem rsa.key, ecdsa.pem
# ecdsa.key; dh.pem holds the group that servers with finite-field key exchange use.
server_certificates() (
	server_needs openssl openssl
	mkdir "$SERVERS/certificates"
	cd "$SERVERS/certificates" || exit 1
	export OPENSSL_CONF=/dev/null
	{
		openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
			-subj "/O=tlsgauge tests/CN=CA" -addext basicConstraints=critical,CA:TRUE \
			-addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem
		server_certificate rsa 2 -newkey rsa:2048
		server_certificate ecdsa 3 -newkey ec -pkeyopt ec_paramgen_curve:P-256
		openssl genpkey -genparam -algorithm DH -pkeyopt group:ffdhe2048 -out dh.pem
	} >log 2>&1 || {
		cat log >&2
		exit 1
	}
	chmod 644 ./*.key ./*.pem
) || server_die "cannot make certificates"

# server_certificate NAME SERIAL KEY-OPTION...
server_certificate() {
	local name=$1 serial=$2
	shift 2
	cat >"$name.extensions" <<-END
		subjectAltName = DNS:localhost, DNS:db.test, IP:127.0.0.1, IP:::1
		basicConstraints = critical, CA:FALSE
		keyUsage = critical, digitalSignature, keyEncipherment, keyAgreement
		extendedKeyUsage = serverAuth
	END
	openssl req -new -nodes "$@" -subj "/O=tlsgauge tests/CN=localhost" \
		-keyout "$name.key" -out "$name.csr" &&
		openssl x509 -req -sha256 -days 30 -in "$name.csr" -CA ca.pem -CAkey ca.key \
			-set_serial "$serial" -extfile "$name.extensions" -out "$name.pem"
}

# The four suites of the Single Server page, as OpenSSL calls them, and all that OpenSSL has.
# shellcheck disable=SC2034 # for kinds
SERVER_FOUR=ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256
SERVER_FOUR+=:ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256
# shellcheck disable=SC2034
SERVER_ALL=ALL:COMPLEMENTOFALL:@SECLEVEL=0
