#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# servers.sh: the servers that other tests stand on start, stop and misbehave as promised, and the
# oracle finds what a server was configured to accept.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# connects PORT
connects() {
	(exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

four=$(printf 'TLS1.2 TLS_ECDHE_RSA_WITH_AES_%s\n' \
	128_CBC_SHA256 128_GCM_SHA256 256_CBC_SHA384 256_GCM_SHA384)
for kind in openssl postgres pgbouncer; do
	server_start "$kind" "$kind" config=policy
	equal "$kind: the oracle finds the four suites" "$four" \
		"$("$SERVERS_HERE/oracle" "$(server_url "$kind")" | sed -n 's/^accepted //p')"
done

port=$(server_port openssl)
pid=${server_pid[openssl]}
holds 'a running server accepts connections' connects "$port"
server_stop openssl
fails 'a stopped server refuses them' connects "$port"
fails 'its process is gone' test -d "/proc/$pid"

# A recorded process that has become another one is left alone.
sleep 60 &
server_pid[other]=$! server_born[other]=1 server_signal[other]=TERM
server_stop other
holds 'a stranger is spared' kill -0 $!
kill $!

(server_start x nonesuch) 2>"$SERVERS/message" || true
equal 'an unknown kind is named' "servers: no such kind of server: 'nonesuch'" \
	"$(cat "$SERVERS/message")"
(server_needs no-such-command some-package) 2>"$SERVERS/message" || true
equal 'a missing server names its package' \
	"servers: 'no-such-command' is missing: install the Debian package some-package" \
	"$(cat "$SERVERS/message")"

server_start half broken how=half-open
exec 3<>"/dev/tcp/127.0.0.1/$(server_port half)"
printf '\0\0\0\10\4\322\26\57' >&3
IFS= read -rn 1 -t 5 -u 3 answer || true
equal 'half-open: SSLRequest is granted' S "$answer"
printf 'hello' >&3
fails 'half-open: then it is silent' read -rn 1 -t 0.3 -u 3 answer
exec 3>&-
finish
