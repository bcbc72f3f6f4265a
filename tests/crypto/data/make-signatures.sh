#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes fresh keys, their certificates, and what OpenSSL signs with them, for the tests.
# Usage: make-signatures.sh > signatures.txt
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
printf 'signed by another implementation' > message

vector() { # name, file
	printf '%s\n' "$1"
	od -An -v -tx1 "$2" | tr -d ' \n' | fold -w 96 | sed 's/^/ /'
	printf '\n'
}

key() { # name, arguments of genpkey
	owner=$1
	shift
	openssl genpkey "$@" -out "$owner.pem" 2> openssl.log
	openssl req -x509 -new -key "$owner.pem" -subj "/CN=$owner" -days 36500 -outform DER \
		-out "$owner.der" 2> openssl.log
	vector "${owner}_certificate" "$owner.der"
}

signature() { # name, key, digest, options of pkeyutl
	result=$1 pair=$2 hash=$3
	shift 3
	openssl dgst -"$hash" -binary message > digest
	openssl pkeyutl -sign -inkey "$pair.pem" -in digest -pkeyopt digest:"$hash" "$@" \
		-out signature
	vector "$result" signature
}

echo '# Made by make-signatures.sh; all sign the text "signed by another implementation".'
key rsa -algorithm RSA -pkeyopt rsa_keygen_bits:1536
for digest in md5 sha1 sha224 sha256 sha384 sha512; do
	signature "rsa_$digest" rsa $digest -pkeyopt rsa_padding_mode:pkcs1
done
for digest in sha256 sha384 sha512; do
	signature "pss_$digest" rsa $digest -pkeyopt rsa_padding_mode:pss \
		-pkeyopt rsa_pss_saltlen:digest
done
signature pss_salt_of_20 rsa sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:20
{ openssl dgst -md5 -binary message; openssl dgst -sha1 -binary message; } > both
openssl pkeyutl -sign -inkey rsa.pem -in both -pkeyopt rsa_padding_mode:pkcs1 -out signature
vector rsa_md5_sha1 signature
key psskey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:1536
signature psskey_sha256 psskey sha256 -pkeyopt rsa_padding_mode:pss -pkeyopt rsa_pss_saltlen:digest
for curve in P-256 P-384 P-521 brainpoolP256r1 secp256k1; do
	name=$(printf '%s' "$curve" | tr -d -)
	key "$name" -algorithm EC -pkeyopt ec_paramgen_curve:"$curve" \
		-pkeyopt ec_param_enc:named_curve
	for digest in sha1 sha256 sha384 sha512; do
		signature "${name}_$digest" "$name" $digest
	done
done
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 \
	-pkeyopt dsa_paramgen_q_bits:160 -out dsa.parameters 2> openssl.log
key dsa -paramfile dsa.parameters
signature dsa_sha1 dsa sha1
key ed25519 -algorithm ED25519
openssl pkeyutl -sign -inkey ed25519.pem -rawin -in message -out signature
vector ed25519_signature signature
