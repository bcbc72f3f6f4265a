#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# pcapng.sh RELAY: tshark reads the captures that report/pcapng.c writes: without a complaint, with
# good checksums, and decrypted, for TLS 1.2, TLS 1.3 and PostgreSQL.
set -euo pipefail
relay=$1
# shellcheck source-path=SCRIPTDIR source=../../integration/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../integration/lib.sh"
server_needs tshark tshark
export OPENSSL_CONF=/dev/null
capture=$SERVERS/capture.pcapng
keylog=$SERVERS/keylog
: >"$keylog"

# client OPTION...: one request through the relay; its secrets go to the key log.
client() {
	printf 'GET / HTTP/1.0\r\n\r\n' | timeout 20 openssl s_client -connect "127.0.0.1:$port" \
		-keylogfile "$keylog" -ign_eof "$@" >"$SERVERS/client.out" 2>&1 || true
}

# A startup of protocol 3.0 for the user and the database "postgres", inside TLS.
startup() {
	printf '\0\0\0\51\0\3\0\0user\0postgres\0database\0postgres\0\0'
	sleep 0.5
}

# ask FIELD... -- FILTER: the values of the fields in every packet that the filter lets through.
ask() {
	local fields=()
	while [ "$1" != -- ]; do
		fields+=(-e "$1")
		shift
	done
	tshark -r "$capture" -Y "$2" -T fields "${fields[@]}" -o tcp.check_checksum:TRUE \
		-o ip.check_checksum:TRUE 2>>"$SERVERS/complaints"
}

server_start web openssl config=rsa
server_start database postgres config=legacy
web=$(server_port web)
"$relay" "$capture" "$keylog" "$web:443" "$web:443" "$(server_port database):5432" \
	>"$SERVERS/port" &
writer=$!
until [ -s "$SERVERS/port" ]; do
	kill -0 "$writer"
	sleep 0.05
done
port=$(cat "$SERVERS/port")
client -tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256
client -tls1_3 -ciphersuites TLS_AES_256_GCM_SHA384
startup | timeout 20 openssl s_client -connect "127.0.0.1:$port" -starttls postgres -quiet \
	-no_ign_eof -keylogfile "$keylog" >"$SERVERS/client.out" 2>&1 || true
holds 'the relay wrote a capture' wait "$writer"

equal 'three connections' $'0\n1\n2' "$(ask tcp.stream -- tcp | sort -u)"
equal 'versions and suites' $'0\t0x0303\t0xc02f\n1\t0x0303\t0x1302\n2\t0x0303\t0x1302' \
	"$(ask tcp.stream tls.handshake.version tls.handshake.ciphersuite -- \
		tls.handshake.type==2 | sort -u)"
equal 'TLS 1.3 is recognised' $'1\t0x0304\n2\t0x0304' "$(ask tcp.stream \
	tls.handshake.extensions.supported_version -- \
	'tls.handshake.type==2 && tcp.stream!=0' | sort -u)"
equal 'the Finished of both sides are decrypted' \
	$'0\t15000\n0\t443\n1\t15001\n1\t443\n2\t15002\n2\t5432' \
	"$(ask tcp.stream tcp.srcport -- 'tls.handshake.type==20' | LC_ALL=C sort -u)"
equal 'both requests are decrypted' $'0\tGET\n1\tGET' \
	"$(ask tcp.stream http.request.method -- http.request)"
equal 'certificates of TLS 1.3 are decrypted' $'1\n2' \
	"$(ask tcp.stream -- 'tls.handshake.type==11 && tcp.stream!=0' | sort -u)"
equal 'the startup of PostgreSQL is decrypted' $'user\x2cdatabase\tpostgres\x2cpostgres' \
	"$(ask pgsql.parameter_name pgsql.parameter_value -- \
		'pgsql.parameter_name == "user"')"
equal 'comments are shown' "$web:443" \
	"$(ask frame.comment -- 'tcp.stream==0 && frame.comment')"
equal 'every checksum is good' '' \
	"$(ask frame.number -- 'ip.checksum.status!=1 || tcp.checksum.status!=1')"
equal 'nothing is retransmitted, lost or malformed' '' \
	"$(ask frame.number _ws.expert.message -- \
		'_ws.expert.severity >= 6291456 || tcp.analysis.flags')"
equal 'tshark has no complaint' '' \
	"$(grep -v '^Running as user' "$SERVERS/complaints" || true)"
finish
