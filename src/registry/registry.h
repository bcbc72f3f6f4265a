/* registry.h - the smaller IANA registries: code points, their names, and GREASE. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "base/span.h"

/* One code point. Names are the RFC's words: "handshake_failure", "x25519", "rsa_pss_rsae_sha256".
 */
struct code_point {
	uint32_t code;
	const char *name;
};

/* A registry, sorted by code. */
struct registry {
	const char *title;
	const struct code_point *points;
	size_t len;
};

extern const struct registry registry_alerts, registry_extensions, registry_groups,
	registry_signature_schemes, registry_content_types, registry_handshake_types,
	registry_compression_methods, registry_point_formats, registry_client_certificate_types,
	registry_sslv2_kinds;

/* registry_name returns NULL for a code that the registry does not hold. */
const char *registry_name(const struct registry *registry, uint32_t code);

/* registry_by_name returns NULL for a name that the registry does not hold. */
const struct code_point *registry_by_name(const struct registry *registry, struct span name);

/* code_is_grease says whether the code is one of the sixteen 0x?A?A values (RFC 8701). */
bool code_is_grease(uint16_t code);

/* group_is_ffdhe says whether the code is one of 256 to 511: a finite field, assigned or not (RFC
 * 7919 2). */
static inline bool group_is_ffdhe(uint16_t group)
{
	return group >> 8 == 1;
}

/* What is known of a group beyond its name: how a policy and a hello must treat it. */
enum group_kind { GROUP_OTHER, GROUP_EC, GROUP_XDH, GROUP_FFDHE, GROUP_HYBRID };
enum group_kind group_kind(uint16_t group);

/* Alert descriptions by name (RFC 8446 6, RFC 5246 7.2, RFC 7507, RFC 7301). */
enum alert_description {
	ALERT_CLOSE_NOTIFY = 0,
	ALERT_UNEXPECTED_MESSAGE = 10,
	ALERT_BAD_RECORD_MAC = 20,
	ALERT_RECORD_OVERFLOW = 22,
	ALERT_HANDSHAKE_FAILURE = 40,
	ALERT_ILLEGAL_PARAMETER = 47,
	ALERT_DECODE_ERROR = 50,
	ALERT_PROTOCOL_VERSION = 70,
	ALERT_INSUFFICIENT_SECURITY = 71,
	ALERT_INTERNAL_ERROR = 80,
	ALERT_INAPPROPRIATE_FALLBACK = 86,
	ALERT_USER_CANCELED = 90,
	ALERT_MISSING_EXTENSION = 109,
	ALERT_CERTIFICATE_REQUIRED = 116,
	ALERT_NO_APPLICATION_PROTOCOL = 120,
};
#define ALERT_WARNING 1
#define ALERT_FATAL   2

/* Extension types that code of ours speaks of by name. */
enum extension_type {
	EXT_SERVER_NAME = 0,
	EXT_MAX_FRAGMENT_LENGTH = 1,
	EXT_STATUS_REQUEST = 5,
	EXT_SUPPORTED_GROUPS = 10,
	EXT_EC_POINT_FORMATS = 11,
	EXT_SIGNATURE_ALGORITHMS = 13,
	EXT_HEARTBEAT = 15,
	EXT_ALPN = 16,
	EXT_SIGNED_CERTIFICATE_TIMESTAMP = 18,
	EXT_PADDING = 21,
	EXT_ENCRYPT_THEN_MAC = 22,
	EXT_EXTENDED_MASTER_SECRET = 23,
	EXT_COMPRESS_CERTIFICATE = 27,
	EXT_RECORD_SIZE_LIMIT = 28,
	EXT_SESSION_TICKET = 35,
	EXT_PRE_SHARED_KEY = 41,
	EXT_EARLY_DATA = 42,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_COOKIE = 44,
	EXT_PSK_KEY_EXCHANGE_MODES = 45,
	EXT_CERTIFICATE_AUTHORITIES = 47,
	EXT_POST_HANDSHAKE_AUTH = 49,
	EXT_SIGNATURE_ALGORITHMS_CERT = 50,
	EXT_KEY_SHARE = 51,
	EXT_ENCRYPTED_CLIENT_HELLO = 0xFE0D,
	EXT_RENEGOTIATION_INFO = 0xFF01,
};

/* Content and handshake types (RFC 8446 5.1, 4; RFC 5246 7.4). */
enum content_type {
	CONTENT_CHANGE_CIPHER_SPEC = 20,
	CONTENT_ALERT = 21,
	CONTENT_HANDSHAKE = 22,
	CONTENT_APPLICATION_DATA = 23,
	CONTENT_HEARTBEAT = 24,
};
enum handshake_type {
	HANDSHAKE_HELLO_REQUEST = 0,
	HANDSHAKE_CLIENT_HELLO = 1,
	HANDSHAKE_SERVER_HELLO = 2,
	HANDSHAKE_NEW_SESSION_TICKET = 4,
	HANDSHAKE_ENCRYPTED_EXTENSIONS = 8,
	HANDSHAKE_CERTIFICATE = 11,
	HANDSHAKE_SERVER_KEY_EXCHANGE = 12,
	HANDSHAKE_CERTIFICATE_REQUEST = 13,
	HANDSHAKE_SERVER_HELLO_DONE = 14,
	HANDSHAKE_CERTIFICATE_VERIFY = 15,
	HANDSHAKE_CLIENT_KEY_EXCHANGE = 16,
	HANDSHAKE_FINISHED = 20,
	HANDSHAKE_CERTIFICATE_STATUS = 22,
	HANDSHAKE_KEY_UPDATE = 24,
};

/* Groups that code of ours speaks of by name. */
enum named_group {
	GROUP_SECP256R1 = 0x0017,
	GROUP_SECP384R1 = 0x0018,
	GROUP_SECP521R1 = 0x0019,
	GROUP_X25519 = 0x001D,
	GROUP_X448 = 0x001E,
};

/* Signalling suites (RFC 5746 3.3, RFC 7507). */
#define SUITE_EMPTY_RENEGOTIATION_INFO_SCSV 0x00FF
#define SUITE_FALLBACK_SCSV		    0x5600

#endif
