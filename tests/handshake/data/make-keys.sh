#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# make-keys.sh: the keys and certificates of the scripted server and of its client, made by OpenSSL.
# They are nobody's secret.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export OPENSSL_CONF=/dev/null

# make NAME KEY-OPTION...
make() {
	local name=$1
	shift
	openssl req -x509 -nodes -days 20000 -sha256 "$@" -subj "/O=tlsgauge tests/CN=$name" \
		-keyout "$name.key" -out "$name.pem" 2>/dev/null
}

make rsa -newkey rsa:2048
make ecdsa -newkey ec -pkeyopt ec_paramgen_curve:P-256
make ed25519 -newkey ed25519
