#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# directed.sh CLIENT: handshakes under direction with servers that are not ours: what is right
# finishes and is answered, what is wrong meets an alert that we can read.
set -euo pipefail
client=$1
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../../integration/lib.sh
. "$root/tests/integration/lib.sh"

# plays EXPECTED SERVER VERSION SUITE PLAY
plays() {
	equal "$2, $3 $4: $5" "$1" "$("$client" "$(server_port "$2")" "$3" "$4" "$5")"
}

server_start openssl openssl
server_start gnutls gnutls
server_start nginx nginx
server_start retry openssl more='-groups P-384'
server_start verify openssl more='-verify 1'

below=(
	TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA TLS_DHE_RSA_WITH_AES_256_CBC_SHA
	TLS_RSA_WITH_AES_128_CBC_SHA
)
for version in TLS1.0 TLS1.1 TLS1.2 TLS1.3; do
	suites=("${below[@]}")
	[ "$version" != TLS1.2 ] || suites+=(TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)
	[ "$version" != TLS1.3 ] || suites=(TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384)
	for suite in "${suites[@]}"; do
		for play in right complete; do
			plays 'finished and answered' openssl "$version" "$suite" "$play"
			plays 'finished and answered' gnutls "$version" "$suite" "$play"
		done
		plays 'finished and answered' verify "$version" "$suite" complete
		# In TLS 1.3 a right Finished ends it for us; that its record was wrong comes later.
		before=
		[ "$version" != TLS1.3 ] || before='finished, '
		plays 'alert decrypt_error' openssl "$version" "$suite" finished
		plays "${before}alert bad_record_mac" openssl "$version" "$suite" mac
		plays 'finished, alert bad_record_mac' openssl "$version" "$suite" late-mac
		plays "${before}alert unexpected_message" openssl "$version" "$suite" early
		plays 'finished, alert bad_record_mac' gnutls "$version" "$suite" late-mac
		[ "$version" = TLS1.3 ] ||
			plays 'alert decode_error' openssl "$version" "$suite" exchange
	done
done
plays 'finished and answered' nginx TLS1.2 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 right
for play in right complete update; do
	plays 'finished and answered' openssl TLS1.3 TLS_AES_128_GCM_SHA256 "$play"
	plays 'finished and answered' retry TLS1.3 TLS_AES_128_GCM_SHA256 "$play"
	plays 'finished and answered' nginx TLS1.3 TLS_AES_128_GCM_SHA256 "$play"
done
plays 'alert decrypt_error' nginx TLS1.3 TLS_AES_128_GCM_SHA256 finished
finish
