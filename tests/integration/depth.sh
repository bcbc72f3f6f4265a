#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# depth.sh TLSGAUGE: acceptance at the depths hello, finished and session; logins; what libpq would
# do; client certificates; the key log and the packets, read by tshark.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
server_needs tshark tshark
server_needs psql postgresql-client-15

# value NAME FILTER: one value of the report.
value() {
	jq -r "$2" "$SERVERS/$1.json"
}

# of NAME ID MEMBER: a member of one finding.
of() {
	jq -r --arg id "$2" ".findings[] | select(.id == \$id) | $3" "$SERVERS/$1.json"
}

suite=suite/TLS1.2/TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384

server_start policy postgres config=policy
url=$(server_url policy)
for depth in hello finished session; do
	check "$depth" "$url" "${SINGLE_SERVER[@]}" --depth "$depth"
	equal "$depth: exit status" 0 "$status"
	equal "$depth: reached" "$depth" "$(of "$depth" "$suite" .observed.depth)"
done
check default "$url" "${SINGLE_SERVER[@]}"
equal 'over PostgreSQL, session is the default' session "$(value default .run.depth)"

# A server whose Finished does not verify: only the deeper depths see it.
server_start spoiled broken how=spoiling backend="$(server_port policy)"
check spoiled-hello "$(server_url spoiled)" "${SINGLE_SERVER[@]}" --depth hello
equal 'depth hello passes a server with a spoiled Finished' 0 "$status"
check spoiled-finished "$(server_url spoiled)" "${SINGLE_SERVER[@]}" --depth finished
equal 'depth finished finds it' 1 "$status"
equal 'and says what is wrong' fail "$(of spoiled-finished "$suite" .verdict)"

# Logins: pg_stat_ssl must name what was negotiated.
server_start flex postgres config=flex
port=$(server_port flex)
PGSSLMODE=require
export PGSSLMODE
hba=$SERVERS/flex/data/pg_hba.conf
printf 'hostssl all all 127.0.0.1/32 trust\n' >"$hba"
kill -HUP "${server_pid[flex]}"
sleep 0.5
psql -q -h 127.0.0.1 -p "$port" -U postgres -c "create role gauge login password 'secret'" postgres
psql -q -h 127.0.0.1 -p "$port" -U postgres -c 'create extension sslinfo' postgres \
	2>"$SERVERS/sslinfo.err" || true
flexible=(--policy azure-postgresql-flexible-server)
check trust "$(server_url flex)" "${flexible[@]}"
equal 'trust: pg_stat_ssl agrees' pass "$(of trust session/pg_stat_ssl .verdict)"
printf 'hostssl all all 127.0.0.1/32 scram-sha-256\n' >"$hba"
kill -HUP "${server_pid[flex]}"
sleep 0.5
check scram "$(server_url flex)" "${flexible[@]}" --user gauge --database postgres --password secret
equal 'SCRAM: pg_stat_ssl agrees' pass "$(of scram session/pg_stat_ssl .verdict)"
equal 'SCRAM: exit status' 0 "$status"

# What libpq would do.
check prefer "$(server_url flex)" "${flexible[@]}" --sslmode prefer
holds 'prefer: connects with TLS' \
	grep -q 'sslmode=prefer: connects with TLS' "$SERVERS/prefer.json"

# The key log and the packets.
check evidence "$(server_url flex)" "${flexible[@]}" \
	--keylog "$SERVERS/keys" --pcap "$SERVERS/run.pcapng"
dissect() {
	tshark -r "$SERVERS/run.pcapng" -d "tcp.port==$port,pgsql" "$@" 2>>"$SERVERS/tshark.err"
}
holds 'the key log has secrets of both kinds' \
	grep -q -e CLIENT_RANDOM "$SERVERS/keys"
holds 'and of TLS 1.3' grep -q -e SERVER_HANDSHAKE_TRAFFIC_SECRET "$SERVERS/keys"
equal 'tshark finds nothing malformed' '' \
	"$(dissect -Y '_ws.malformed || tcp.checksum.status == "Bad"' | head -3)"
decrypted=$(dissect -Y 'tls && pgsql.type == "Startup message"' | wc -l)
holds "tshark decrypts sessions ($decrypted)" test "$decrypted" -ge 10
seen=$(dissect -Y 'tls.handshake.type == 2' -T fields -e tls.handshake.ciphersuite |
	tr , '\n' | sort -u)
ours=$(jq -r '.findings[] | select(.kind == "suite" and .observed.outcome == "server_hello")
	| .observed.suite_code | ascii_downcase' "$SERVERS/evidence.json" | sort -u)
equal 'tshark and the report agree on the suites that were chosen' "$ours" "$seen"
versions=$(dissect -Y 'tls.handshake.type == 2' -T fields -e tls.handshake.version \
	-e tls.handshake.extensions.supported_version | awk '{ print $NF }' | sort -u)
equal 'and on the versions' "$(printf '%s\n' 0x0303 0x0304)" "$versions"
alerts=$(dissect -Y "tls.alert_message.level == 2 && tcp.srcport == $port" -T fields \
	-e tls.alert_message.desc | tr , '\n' | sort -un)
ours=$(jq -r '.findings[].observed | select(.outcome == "alert" and .level == "fatal") | .alert' \
	"$SERVERS/evidence.json" | sort -u | sed 's/handshake_failure/40/; s/protocol_version/70/')
equal 'and on the alerts' "$ours" "$alerts"

# A client certificate is asked for, and shown.
cp "$SERVERS/certificates/ca.pem" "$SERVERS/flex/ca.pem"
chmod 644 "$SERVERS/flex/ca.pem"
printf "ssl_ca_file = '%s'\n" "$SERVERS/flex/ca.pem" >>"$SERVERS/flex/data/postgresql.conf"
kill -HUP "${server_pid[flex]}"
sleep 0.5
(
	cd "$SERVERS/certificates"
	openssl req -newkey rsa:2048 -nodes -subj /CN=postgres -keyout client.key -out client.csr
	openssl x509 -req -days 2 -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
		-out client.pem
) >"$SERVERS/client.log" 2>&1
printf 'hostssl all all 127.0.0.1/32 cert\n' >"$hba"
kill -HUP "${server_pid[flex]}"
sleep 0.5
check requested "$(server_url flex)" "${flexible[@]}" \
	--cert "$SERVERS/certificates/client.pem" --key "$SERVERS/certificates/client.key"
equal 'a requested client certificate is observed' true \
	"$(of requested version/TLS1.3 .observed.certificate_requested)"
equal 'and the handshake with one comes to its end' session \
	"$(of requested version/TLS1.3 .observed.depth)"

# The managed service may refuse an old version inside TLS: a ServerHello is no acceptance.
cat >"$SERVERS/old.policy" <<-END
	policy  old-versions
	title   "TLS 1.2 only"
	source  "a test" 2026-01-01
	over    postgresql
	table   version cite "versions"
	        TLS1.2  accept
	        TLS1.3  -
	        *       reject
END
# serve OPTION...: the reference endpoint; sets $target and $serve, its pid.
serve() {
	"$tlsgauge" serve "$@" >"$SERVERS/serve.out" &
	serve=$!
	for _ in $(seq 100); do
		grep -q listening "$SERVERS/serve.out" && break
		sleep 0.05
	done
	target=$(sed -n 's/^listening on //p' "$SERVERS/serve.out")
}

served() {
	kill "$serve"
	wait "$serve" || true
}

serve --policy "$SERVERS/old.policy" --version-refusal error
old=suite/TLS1.0/TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
psk=(--psk 7265666572656e63652d656e64706f696e742d746573742d6b65792d30303031 --psk-identity tlsgauge)
check gateway "$target" --policy "$SERVERS/old.policy" "${psk[@]}"
equal 'a FATAL inside TLS is a rejection' 'pass application 28000' \
	"$(of gateway "$old" '"\(.verdict) \(.observed.layer) \(.observed.sqlstate)"')"
check gateway-hello "$target" --policy "$SERVERS/old.policy" --depth hello
equal 'which depth hello takes for an acceptance' fail "$(of gateway-hello "$old" .verdict)"
served

# Everything that mbedTLS has, in every version in which it exists, comes to its end.
everything=$(dirname "${BASH_SOURCE[0]}")/../endpoint/permissive.policy
serve --policy "$everything"
check everything "$target" --policy "$everything" "${psk[@]}"
equal 'every suite of mbedTLS finishes' \
	'{"TLS1.0 finished":40,"TLS1.1 finished":40,"TLS1.2 finished":127}' \
	"$(jq -c '[.findings[] | select(.kind == "suite" and .observed.outcome == "server_hello")
		| "\(.version) \(.observed.depth)"] | group_by(.) | map({(.[0]): length}) | add' \
		"$SERVERS/everything.json")"
served
finish
