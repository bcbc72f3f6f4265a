# SPDX-License-Identifier: Apache-2.0
# gnutls.sh - gnutls-serv: TLS 1.0 up, every suite of GnuTLS but those without encryption (with them
# GnuTLS 3.7 refuses TLS 1.3), RSA and ECDSA certificates. It cannot bind to one address.
# config=policy has TLS 1.2 and the four suites. config=rest has TLS 1.2 at most, and what is left
# out otherwise: PSK, and no encryption.
# shellcheck shell=bash disable=SC2034 # what is set here, server_launch reads

kind_gnutls() {
	local directory=$2 port=$3 certificates=$SERVERS/certificates priority config rest=()
	shift 3
	server_needs gnutls-serv gnutls-bin
	priority=NORMAL:-VERS-ALL:+VERS-TLS1.0:+VERS-TLS1.1:+VERS-TLS1.2:+VERS-TLS1.3
	priority+=:+RSA:+DHE-RSA:+ECDHE-RSA:+ECDHE-ECDSA:+ANON-DH:+ANON-ECDH
	priority+=:+ARCFOUR-128:+3DES-CBC:+AES-128-CCM-8:+AES-256-CCM-8
	priority+=:+CAMELLIA-128-GCM:+CAMELLIA-256-GCM:+CAMELLIA-128-CBC:+CAMELLIA-256-CBC
	priority+=:+MD5:+SHA256:+SHA384:+SIGN-ALL:%VERIFY_ALLOW_BROKEN
	config=$(server_option config all "$@")
	if [ "$config" = rest ]; then
		priority+=:-VERS-TLS1.3:+NULL:+PSK:+RSA-PSK:+DHE-PSK:+ECDHE-PSK
		printf 'Client_identity:00112233445566778899aabbccddeeff\n' >"$directory/psk"
		rest=(--pskpasswd "$directory/psk")
	fi
	if [ "$config" = policy ]; then
		priority=NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+ECDHE-RSA:-MAC-ALL:+AEAD
		priority+=:+SHA256:+SHA384:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:+AES-128-CBC
		priority+=:+AES-256-CBC
	fi
	# An empty file, so that the distribution's own limits do not apply.
	: >"$directory/priorities"
	command=(env "GNUTLS_SYSTEM_PRIORITY_FILE=$directory/priorities"
		gnutls-serv --http --quiet --noticket -p "$port" --priority "$priority"
		--x509certfile "$certificates/rsa.pem" --x509keyfile "$certificates/rsa.key"
		--x509certfile "$certificates/ecdsa.pem" --x509keyfile "$certificates/ecdsa.key"
		--dhparams "$certificates/dh.pem" "${rest[@]}")
}
