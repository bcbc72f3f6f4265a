#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# roots.sh TLSGAUGE: certificates are judged against --ca, the name against the one that was asked
# for, and a root that the document retires is not admitted from the day it names.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

server_certificates
cd "$SERVERS/certificates"
{
	openssl req -x509 -nodes -days 60 -newkey rsa:2048 -subj "/CN=Old Root" \
		-addext basicConstraints=critical,CA:TRUE -keyout old.key -out old.pem
	openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout leaf.key -out leaf.csr
	printf 'subjectAltName=DNS:localhost,DNS:db.example\n' >leaf.ext
	openssl x509 -req -days 60 -in leaf.csr -CA old.pem -CAkey old.key -CAcreateserial \
		-extfile leaf.ext -out leaf.pem
} >"$SERVERS/openssl.log" 2>&1
last=$(date -u -d '+10 days' +%F) first=$(date -u -d '+11 days' +%F)
cat >"$SERVERS/roots.policy" <<-END
	policy  roots
	title   "A root that is replaced"
	source  "a test" 2026-01-01
	over    tls
	table   version cite "versions"
	        TLS1.2  accept
	table   certificate cite "roots"
	        root "Old Root" accept until $last
	        root "New Root" accept from $first
	        host_name accept
END

port=$(server_free_port)
openssl s_server -accept "127.0.0.1:$port" -cert leaf.pem -key leaf.key -quiet >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; server_cleanup' EXIT
for _ in $(seq 100); do
	server_listens "$port" && break
	sleep 0.05
done
url=tls://127.0.0.1:$port

# judged NAME STATUS ROOT HOSTNAME OPTION...: the verdicts of the two certificate cells.
judged() {
	local name=$1 wanted=$2 root=$3 hostname=$4
	shift 4
	check "$name" "$url" --policy "$SERVERS/roots.policy" "$@"
	equal "$name: exit status" "$wanted" "$status"
	equal "$name: root" "$root" "$(verdict_of "$name" certificate/root)"
	equal "$name: name" "$hostname" "$(verdict_of "$name" certificate/hostname)"
}

verdict_of() {
	jq -r --arg id "$2" '.findings[] | select(.id == $id) | .verdict' "$SERVERS/$1.json"
}

judged without-ca 0 unjudged unjudged
judged in-force 0 pass pass --ca old.pem --sni db.example --at "$last"
judged retired 1 fail pass --ca old.pem --sni db.example --at "$first"
judged other-ca 1 fail pass --ca ca.pem --sni db.example
judged other-name 1 pass fail --ca old.pem --sni other.example
judged expired 1 fail pass --ca old.pem --sni db.example --at "$(date -u -d '+100 days' +%F)"
finish
