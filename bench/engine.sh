#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench/engine.sh BUILD-FOLDER [CONNECTIONS]: our engine beside a bare epoll client, with the same
# hello against the same servers in the same run; prints the medians and their ratio.
set -eu
build=$1
connections=${2:-3000}
concurrency=32
rounds=5
work=$(mktemp -d)
pids=""

clean_up() {
	for pid in $pids; do
		kill "$pid" 2>/dev/null || :
	done
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

free_port() {
	python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])'
}

wait_for() {
	for _ in $(seq 100); do
		if python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()' "$1" 2>/dev/null; then
			return 0
		fi
		sleep 0.05
	done
	echo "bench/engine.sh: nothing listens on port $1" >&2
	exit 1
}

start_nginx() {
	cat >"$work/nginx.conf" <<CONF
daemon off; master_process off; worker_processes 1; pid $work/nginx.pid; error_log /dev/null;
events { worker_connections 2048; }
http {
  access_log off; client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work;
  uwsgi_temp_path $work; scgi_temp_path $work;
  server {
    listen 127.0.0.1:$1 ssl backlog=1024; ssl_certificate $work/cert.pem;
    ssl_certificate_key $work/key.pem; ssl_protocols TLSv1.2;
  }
}
CONF
	nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
	pids="$pids $!"
	wait_for "$1"
}

start_openssl() {
	openssl s_server -accept "127.0.0.1:$1" -cert "$work/cert.pem" -key "$work/key.pem" \
		-tls1_2 -quiet >/dev/null 2>&1 &
	pids="$pids $!"
	wait_for "$1"
}

field() { sed -n "s/.* $2=\([0-9.]*\).*/\1/p" "$1" | sort -n | sed -n "$(((rounds + 1) / 2))p"; }

# measure NAME PORT SUITE CONNECTIONS CONCURRENCY
measure() {
	"$build/bench/bench_engine" "$2" "$3" 1 1 "$work/hello"
	: >"$work/ours"
	: >"$work/bare"
	for _ in $(seq $rounds); do
		"$build/bench/bare_client" "$2" "$work/hello" "$4" "$5" >>"$work/bare"
		"$build/bench/bench_engine" "$2" "$3" "$4" "$5" >>"$work/ours"
	done
	tail -n 1 "$work/ours" | sed 's/.*\(hellos=.*\)/  ours: \1/'
	ours=$(field "$work/ours" rate)
	bare=$(field "$work/bare" rate)
	printf '%-24s ours %6s/s %5s us   bare %6s/s %5s us   ratio %s\n' "$1" \
		"$ours" "$(field "$work/ours" cpu_us)" "$bare" "$(field "$work/bare" cpu_us)" \
		"$(echo "$ours $bare" | awk '{ printf "%.2f", $1 / $2 }')"
}

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=bench -days 2 -keyout "$work/key.pem" \
	-out "$work/cert.pem" 2>/dev/null
port=$(free_port)
start_nginx "$port"
measure "nginx, alert" "$port" 0005 "$connections" $concurrency
measure "nginx, ServerHello" "$port" C02F "$connections" $concurrency
port=$(free_port)
start_openssl "$port"
measure "s_server, alert" "$port" 0005 "$((connections / 2))" 1
