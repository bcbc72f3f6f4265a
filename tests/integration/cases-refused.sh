#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# cases-refused.sh TLSGAUGE: endpoints that refuse every hello, for reasons that have nothing to do
# with a case. Whatever a case expects, none passes, none fails, and the status is 3.
set -euo pipefail
tlsgauge=$1
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# learned_nothing NAME [OPTION...]: about the server NAME.
learned_nothing() {
	local name=$1
	shift
	check "$name" "$(server_url "$name")" --cases all "$@"
	equal "$name: exit status" 3 "$status"
	equal "$name: verdicts" inconclusive "$(findings "$name" \
		'select(.verdict != "not_applicable") | .verdict')"
	server_stop "$name"
}

# refused NAME KIND [OPTION...]: a server of that kind, and nothing learned about it.
refused() {
	server_start "$@"
	learned_nothing "$1" --timeout 1000 --retries 0
}

refused closed broken how=closed scheme=tls
refused silent broken how=hung scheme=tls
refused alerting broken how=alerting scheme=tls
refused http broken how=http scheme=tls
refused closed-postgresql broken how=closed
refused silent-postgresql broken how=hung
refused half-open broken how=half-open
refused http-postgresql broken how=http

refused no-certificate openssl config=rsa more=-nocert
openssl req -x509 -nodes -days 30 -newkey ec -pkeyopt ec_paramgen_curve:P-521 -sha512 \
	-subj /CN=localhost -keyout "$SERVERS/p521.key" -out "$SERVERS/p521.pem" 2>/dev/null
refused seclevel-5 openssl config=rsa \
	more="-cert $SERVERS/p521.pem -key $SERVERS/p521.key -cipher ALL:@SECLEVEL=5"

# A server that does not do TLS at all: N is an answer, and no case's.
server_start no-tls postgres config=policy ssl=off
learned_nothing no-tls
# A PostgreSQL that is asked as if TLS came first.
server_start wrong-scheme postgres config=policy
check wrong-scheme "tls://127.0.0.1:$(server_port wrong-scheme)" --cases all --timeout 1000
equal 'wrong scheme: exit status' 3 "$status"
equal 'wrong scheme: nothing passes or fails' '' "$(ids wrong-scheme pass; ids wrong-scheme fail)"
finish
