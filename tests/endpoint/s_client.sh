#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# s_client.sh TLSGAUGE: what single-suite runs of `openssl s_client` establish against `tlsgauge
# serve` is what its policy allows: the four suites of the Single Server page and nothing else, and,
# under a permissive policy, every suite that OpenSSL and mbedTLS share, in TLS 1.0, 1.1 and 1.2.
set -euo pipefail
tlsgauge=$1
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
served=
failures=0
# ENDPOINT_PSK in hexadecimal (docs/reference-endpoint.md).
psk=7265666572656e63652d656e64706f696e742d746573742d6b65792d30303031

stop() {
	[ -z "$served" ] || { kill "$served" && wait "$served"; } || exit 1
	served=
}
# shellcheck disable=SC2317 # called by the trap
clean() {
	[ -z "$served" ] || kill "$served" || true
	rm -rf "$work"
}
trap clean EXIT

# serve OPTION...: sets $port.
serve() {
	"$tlsgauge" serve --ca-out "$work/ca.pem" --name db.example "$@" >"$work/out" &
	served=$!
	for _ in $(seq 100); do
		[ -s "$work/out" ] && break
		sleep 0.1
	done
	port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$work/out")
	[ -n "$port" ] || { echo 'it does not say where it listens'; exit 1; }
}

# established VERSION SUITE OPTION...: prints "VERSION SUITE" when the handshake completes.
established() {
	local version=$1 suite=$2
	shift 2
	timeout 20 openssl s_client -connect "127.0.0.1:$port" "-$version" \
		-cipher "$suite:@SECLEVEL=0" -psk_identity tlsgauge -psk $psk \
		-CAfile "$work/ca.pem" -verify_return_error -verify_hostname db.example "$@" \
		</dev/null >"$work/log.$version.$suite" 2>&1 || true
	grep -q "Cipher is $suite\$" "$work/log.$version.$suite" && echo "$version $suite"
	return 0
}
export -f established
export port work psk

# suites VERSION: all that OpenSSL has.
suites() {
	openssl ciphers -s "-$1" -psk 'ALL:COMPLEMENTOFALL:@SECLEVEL=0' | tr : '\n'
}

# all VERSION OPTION...: the suites that are established, each asked by itself.
all() {
	local version=$1
	shift
	suites "$version" |
		xargs -P 4 -I SUITE bash -c 'established "$@"' - "$version" SUITE "$@" | sort
}

# equal WHAT EXPECTED GOT
equal() {
	if [ "$2" = "$3" ]; then
		echo "ok: $1 ($(printf '%s' "$2" | grep -c '') lines)"
		return
	fi
	echo "FAILED: $1 (< expected, > got)"
	{ diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") || true; } | grep '^[<>]'
	failures=$((failures + 1))
}

serve --set minimum_tls_version=TLS1_2
for version in tls1 tls1_1; do
	equal "$version under minimum_tls_version=TLS1_2" '' "$(all $version -starttls postgres)"
done
equal 'TLS 1.2 under minimum_tls_version=TLS1_2' \
	"$(printf 'tls1_2 ECDHE-RSA-AES%s\n' 128-{GCM-,}SHA256 256-{GCM-,}SHA384)" \
	"$(all tls1_2 -starttls postgres)"
stop

# Debian's mbedTLS is built without these (docs/reference-endpoint.md).
lacking='DSS|ADH|AECDH|NULL|ARIA'
serve --policy "$here/permissive.policy"
for version in tls1 tls1_1 tls1_2; do
	equal "$version, permissive: what OpenSSL and mbedTLS share" \
		"$(suites $version | grep -Ev "$lacking" | sed "s/^/$version /" | sort)" \
		"$(all $version)"
done
stop
echo "$failures failures"
[ "$failures" -eq 0 ]
