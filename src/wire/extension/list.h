/* list.h - every extension that is known, in the order in which they are processed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_EXTENSION_LIST_H
#define WIRE_EXTENSION_LIST_H

/*
 * X(code, ID, name): one line and one file, extension/NAME.c, an extension. supported_versions
 * comes first, for everything else depends on the version; pre_shared_key last (RFC 8446 4.2.11).
 */
#define EXTENSION_LIST(X)                                                                          \
	X(43, SUPPORTED_VERSIONS, supported_versions)                                              \
	X(0, SERVER_NAME, server_name)                                                             \
	X(1, MAX_FRAGMENT_LENGTH, max_fragment_length)                                             \
	X(28, RECORD_SIZE_LIMIT, record_size_limit)                                                \
	X(5, STATUS_REQUEST, status_request)                                                       \
	X(17, STATUS_REQUEST_V2, status_request_v2)                                                \
	X(10, SUPPORTED_GROUPS, supported_groups)                                                  \
	X(11, EC_POINT_FORMATS, ec_point_formats)                                                  \
	X(13, SIGNATURE_ALGORITHMS, signature_algorithms)                                          \
	X(50, SIGNATURE_ALGORITHMS_CERT, signature_algorithms_cert)                                \
	X(34, DELEGATED_CREDENTIALS, delegated_credentials)                                        \
	X(47, CERTIFICATE_AUTHORITIES, certificate_authorities)                                    \
	X(27, COMPRESS_CERTIFICATE, compress_certificate)                                          \
	X(16, ALPN, alpn)                                                                          \
	X(18, SIGNED_CERTIFICATE_TIMESTAMP, signed_certificate_timestamp)                          \
	X(22, ENCRYPT_THEN_MAC, encrypt_then_mac)                                                  \
	X(23, EXTENDED_MASTER_SECRET, extended_master_secret)                                      \
	X(15, HEARTBEAT, heartbeat)                                                                \
	X(35, SESSION_TICKET, session_ticket)                                                      \
	X(0xFF01, RENEGOTIATION_INFO, renegotiation_info)                                          \
	X(49, POST_HANDSHAKE_AUTH, post_handshake_auth)                                            \
	X(44, COOKIE, cookie)                                                                      \
	X(51, KEY_SHARE, key_share)                                                                \
	X(45, PSK_KEY_EXCHANGE_MODES, psk_key_exchange_modes)                                      \
	X(42, EARLY_DATA, early_data)                                                              \
	X(21, PADDING, padding)                                                                    \
	X(41, PRE_SHARED_KEY, pre_shared_key)

#endif
