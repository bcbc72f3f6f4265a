#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# peers.sh CLIENT [write]: handshakes with servers that are not ours, to their end: every suite that
# they have in every version, resumption, client certificates, HelloRetryRequest. The outcomes make
# docs/handshakes.md: `write` writes it, otherwise it must be current.
set -euo pipefail
client=$1 mode=${2:-compare}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
# shellcheck source-path=SCRIPTDIR source=../../integration/lib.sh
. "$root/tests/integration/lib.sh"
page=$root/docs/handshakes.md
keys=$SERVERS/certificates

# cells COLUMN SERVER: every version and suite; a violation or a handshake broken off fails.
cells() {
	local column=$1 server=$2 out=$SERVERS/$2.cells
	"$client" "$(server_port "$server")" >"$out" ||
		fail "$server: $(grep -vE ' (finished|no .*|not accepted: .*)$' "$out")"
	sed "s/^/$column /" "$out" >>"$SERVERS/cells"
}

# asks WHAT EXPECTED SERVER VERSION SUITE [WORD...]: one more line of the second table.
asks() {
	local what=$1 expected=$2 server=$3 found
	shift 3
	found=$("$client" "$(server_port "$server")" "$@" | cut -d ' ' -f 3-) || true
	equal "$server, $1 $2: $what" "$expected" "$found"
	printf '| %s | %s | %s | %s |\n' "$what" "$1" "$2" "$found" >>"$SERVERS/more"
}

# The suites that other clients establish with OpenSSL must be finished, or be for a reason of ours.
compare_with_oracle() {
	"$SERVERS_HERE/oracle" "$(server_url openssl)" | sed -n 's/^accepted //p' |
		LC_ALL=C sort >"$SERVERS/accepted"
	[ -s "$SERVERS/accepted" ] || fail 'the oracle found nothing accepted'
	equal 'openssl: what the oracle established was finished, or needs what we have not' '' \
		"$(sed -n 's/ not accepted: .*//p' "$SERVERS/openssl.cells" | LC_ALL=C sort |
			LC_ALL=C comm -12 - "$SERVERS/accepted")"
}

openssl_release() {
	openssl version | sed -E 's/^OpenSSL ([0-9]+\.[0-9]+).*/\1/'
}

gnutls_release() {
	gnutls-serv --version | sed -nE '1s/.* ([0-9]+\.[0-9]+).*/\1/p'
}

nginx_release() {
	nginx -v 2>&1 | sed -E 's/.*nginx\/([0-9]+\.[0-9]+).*/\1/'
}

# A suite that is finished once is finished; what the server has is told before what it has not.
table() {
	awk -v openssl="$(openssl_release)" -v gnutls="$(gnutls_release)" \
		-v nginx="$(nginx_release)" '
		function rank(outcome) {
			return outcome == "finished" ? 3 : outcome ~ /^not accepted/ ? 1 : 2
		}
		{
			cell = $1 " " $2 " " $3
			outcome = $0
			sub(/^[^ ]+ [^ ]+ [^ ]+ /, "", outcome)
			if (!(($2 " " $3) in known)) {
				known[$2 " " $3] = 1
				rows[$2, ++len[$2]] = $3
			}
			if (!(cell in best) || rank(outcome) > rank(best[cell]))
				best[cell] = outcome
			if (rank(outcome) > 1)
				wanted[$2 " " $3] = 1
			if (!($2 in len_seen)) {
				len_seen[$2] = 1
				versions[++versions_len] = $2
			}
		}
		END {
			for (v = 1; v <= versions_len; v++) {
				version = versions[v]
				printf "\n## %s\n\n", version
				printf "| suite | OpenSSL %s | GnuTLS %s | nginx %s |\n", \
					openssl, gnutls, nginx
				print "| --- | --- | --- | --- |"
				none = ""
				for (i = 1; i <= len[version]; i++) {
					key = version " " rows[version, i]
					if (!(key in wanted)) {
						none = none "\n`" rows[version, i] "`"
						continue
					}
					line = "| `" rows[version, i] "` |"
					line = line " " best["openssl " key] " |"
					line = line " " best["gnutls " key] " |"
					print line " " best["nginx " key] " |"
				}
				if (none != "")
					print "\nAccepted by none of the three:" none "."
			}
		}' "$SERVERS/cells"
}

page() {
	cat <<-'END'
		# Handshakes to the end

		Made by `tests/handshake/peers/peers.sh CLIENT write`; a test keeps it current. Each
		cell is one connection to a server of Debian 12 on loopback that was configured to
		accept all that it has. *finished*: both Finished verified, and an HTTP request was
		answered. *not accepted* is the server's doing: it has not got the suite, or no
		certificate for it (a DSA key, static Diffie-Hellman), and says so by the alert that
		is named. Any other words say what we have not got.

		## Resumption, client certificates, HelloRetryRequest

		| what | version | suite | outcome |
		| --- | --- | --- | --- |
	END
	cat "$SERVERS/more"
	table
}

tls13=(TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256)
ccm=TLS_AES_128_CCM_SHA256:TLS_AES_128_CCM_8_SHA256
server_start openssl openssl
server_start ccm openssl more="-ciphersuites $ccm"
server_start ids openssl more=-no_ticket
server_start verify openssl more='-verify 1'
server_start retry openssl more='-groups P-384'
server_start gnutls gnutls
server_start rest gnutls config=rest
server_start nginx nginx

cells openssl openssl
cells openssl ccm
cells gnutls gnutls
cells gnutls rest
cells nginx nginx

for version in TLS1.0 TLS1.1 TLS1.2; do
	suite=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
	asks 'OpenSSL, by ticket' resumed openssl "$version" "$suite" resume
	asks 'OpenSSL, by session id' resumed ids "$version" "$suite" resume
	asks 'GnuTLS, by session id' resumed gnutls "$version" "$suite" resume
	asks 'nginx, by ticket' resumed nginx "$version" "$suite" resume
done
for suite in "${tls13[@]}"; do
	asks 'OpenSSL, by PSK' resumed openssl TLS1.3 "$suite" resume
	asks 'nginx, by PSK' resumed nginx TLS1.3 "$suite" resume
	asks 'OpenSSL, HelloRetryRequest' finished retry TLS1.3 "$suite"
	asks 'OpenSSL, HelloRetryRequest, by PSK' resumed retry TLS1.3 "$suite" resume
done
for version in TLS1.0 TLS1.1 TLS1.2 TLS1.3; do
	suite=TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA
	[ "$version" != TLS1.3 ] || suite=TLS_AES_128_GCM_SHA256
	asks 'OpenSSL, asked for a certificate, none' finished verify "$version" "$suite"
	for key in rsa ecdsa; do
		asks "OpenSSL, asked for a certificate, $key" 'finished with our certificate' \
			verify "$version" "$suite" certificate "$keys/$key.pem" "$keys/$key.key"
	done
done

compare_with_oracle
if [ "$mode" = write ]; then
	page >"$page"
else
	holds "docs/handshakes.md is current: see '$0 CLIENT write'" \
		diff -u "$page" <(page)
fi
finish
