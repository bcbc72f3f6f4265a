#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# fuzz-process.sh TLSGAUGE: `tlsgauge fuzz` with the server's own process in view, and between two
# endpoints: a crash is led back to one probe, a leak is told, a difference is found.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs python3 python3
server_needs node nodejs
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
VALIDATORS=$("$root/scripts/validators")
export VALIDATORS
fragile=$root/tests/servers/fragile.py

# fuzz NAME TARGET OPTION...: leaves $SERVERS/NAME.json and NAME.err, sets $status.
fuzz() {
	local name=$1
	shift
	status=0
	timeout 120 "$tlsgauge" fuzz "$@" "${SINGLE_SERVER[@]}" --report json \
		>"$SERVERS/$name.json" 2>"$SERVERS/$name.err" </dev/null || status=$?
}

# said NAME FILTER: of the report.
said() {
	jq -r "$2" "$SERVERS/$1.json"
}

# crash NAME [HOW]: a server that aborts, at once or some time after its sockets are closed.
crash() {
	port=$(server_free_port)
	fuzz "$1" "tls://127.0.0.1:$port" --only 'report/*' --first --time 60 \
		--exec "exec python3 '$fragile' $port ${2:-}"
	equal "$1: a crash is a failure" 1 "$status"
	equal "$1: one finding" 1 "$(said "$1" '.findings | length')"
	holds "$1: its signal and its assertion are told" \
		grep -q 'killed by SIGABRT; assertion: .*heartbeat_read' \
		<(said "$1" '.findings[0].answer')
	holds "$1: the smallest hello still has the extension" \
		grep -q 000f0001 <(said "$1" '.findings[0].bytes')
	holds "$1: it was started again" test "$(said "$1" '.counts.restarts')" -ge 2
}

crash crash
crash crash-late late
fails 'the server is gone with us' bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2>/dev/null

port=$(server_free_port)
fuzz leak "tls://127.0.0.1:$port" --only 'growth/*' --runs 60000 --time 60 \
	--exec "exec python3 '$fragile' $port leak"
equal 'a leak is a failure' 1 "$status"
holds 'it is told by the probe' grep -Eq 'grew by [0-9],[0-9]{3} bytes a probe' \
	<(said leak '.findings[0].answer')

# A C program, and the report of a real sanitizer.
server_needs gcc gcc
gcc -g -fsanitize=address -o "$SERVERS/overrun" "$root/tests/servers/overrun.c"
port=$(server_free_port)
fuzz overrun "tls://127.0.0.1:$port" --only 'report/*' --first --time 60 \
	--exec "exec '$SERVERS/overrun' $port"
equal 'an overrun is a failure' 1 "$status"
holds 'AddressSanitizer says what it is, and where' \
	grep -q 'AddressSanitizer: heap-buffer-overflow.*keep_session_id' \
	<(said overrun '.findings[0].answer')
equal 'the smallest hello ends behind the one byte too many of its session id' 11 \
	"$(said overrun '.findings[0].bytes' | cut -c87-88)"

# What crashes it again and again is one finding, and every outage is put down to it.
port=$(server_free_port)
fuzz again "tls://127.0.0.1:$port" --only 'report/*' --runs 1500 --time 60 \
	--exec "exec python3 '$fragile' $port"
holds 'it crashes more than once' test "$(said again '.counts.outages')" -ge 5
equal 'for one reason' 1 "$(said again '.findings | length')"

# What was printed outlives the end that follows it, and is told although nothing does it again.
port=$(server_free_port)
fuzz once "tls://127.0.0.1:$port" --only 'outage/*' --runs 6000 --time 30 \
	--exec "exec python3 '$fragile' $port once '$SERVERS/once'"
equal 'what no probe does again is inconclusive' 3 "$status"
sanitizer='AddressSanitizer: heap-use-after-free /src/server.c:71:9 in parse'
equal 'and told with its report' "the server ended with status 1; $sanitizer" \
	"$(said once '.findings[0].answer')"

# Connections that do not fit into the queue of the server's say nothing of a probe.
port=$(server_free_port)
fuzz crowded "tls://127.0.0.1:$port" --only 'outage/*' --runs 1500 --time 60 \
	--exec "exec python3 '$fragile' $port crowded"
equal 'a crowd is no outage' '0 0' "$status $(said crowded '.counts.outages')"
holds 'what the server bears is told' grep -q 'connections at a time: with more' \
	<(said crowded '.notes[]')

port=$(server_free_port)
fuzz behind "tls://127.0.0.1:$port" --only 'accepted/*' --runs 4000 --time 60 \
	--exec "exec python3 '$fragile' $port behind"
equal 'a ServerHello with a refusal behind it is a refusal' 0 "$status"
equal 'without a finding' 0 "$(said behind '.findings | length')"
holds 'and it is told' test "$(said behind '.counts.refused_behind')" -ge 1

fuzz taken "tls://127.0.0.1:9" --exec 'exit 3' --time 1
equal 'a server that does not start is refused' 2 "$status"
holds 'with one sentence' grep -q "^tlsgauge fuzz: '--exec': " "$SERVERS/taken.err"
equal 'and no more' 1 "$(wc -l <"$SERVERS/taken.err")"

server_start intact reference set=minimum_tls_version=TLS1_2
server_start lax reference set=minimum_tls_version=TLS1_2 defect=ignores-trailing-bytes
fuzz same "$(server_url intact)" --against "$(server_url intact)" --runs 600
equal 'an endpoint does not differ from itself' 0 "$status"
fuzz differs "$(server_url intact)" --against "$(server_url lax)" --time 40 --first
equal 'a lax one differs' 1 "$status"
equal 'in what it accepts' difference/rejects/accepts-TLS1.2 "$(said differs '.findings[0].key')"

"$tlsgauge" fuzz "$(server_url intact)" "${SINGLE_SERVER[@]}" --runs 200 \
	--pid "${server_pid[intact]:-0}" >"$SERVERS/pid.txt" 2>&1 ||
	fail 'a process that lives on is no finding'
holds 'every report fits its schema' node "$root/tests/validators/validate.mjs" fuzz \
	"$SERVERS"/{crash,leak,same,differs}.json
finish
