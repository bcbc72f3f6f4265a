/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/gate_defects.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define SUITES_TOLERATED	    128
#define BYTES_TOLERATED		    2048
#define ALERT_UNSUPPORTED_EXTENSION 110

/* What strict decoding refuses and the defect lets pass; a body only in the extension named. */
static const struct {
	enum defect defect;
	unsigned leniency;
	enum extension_id body;
} leniencies[] = {
	{ DEFECT_IGNORES_SESSION_ID_LENGTH, LENIENT_LONG_SESSION_ID, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_ODD_SUITES, LENIENT_ODD_SUITES, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_EMPTY_COMPRESSION, LENIENT_EMPTY_COMPRESSION, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_MISSING_NULL, LENIENT_NO_NULL_COMPRESSION, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_DUPLICATES, LENIENT_DUPLICATE_EXTENSIONS, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_EXTENSION_LENGTH, LENIENT_EXTENSIONS_TAIL, EXTENSION_UNKNOWN },
	{ DEFECT_IGNORES_TRAILING_BYTES, LENIENT_TRAILING_BYTES, EXTENSION_UNKNOWN },
#define BODY(id)                                                                                   \
	{                                                                                          \
		DEFECT_IGNORES_BODY_##id, LENIENT_EXTENSION_BODIES, EXTENSION_##id                 \
	}
	BODY(SERVER_NAME),
	BODY(SUPPORTED_GROUPS),
	BODY(SIGNATURE_ALGORITHMS),
	BODY(ALPN),
	BODY(EC_POINT_FORMATS),
	BODY(RENEGOTIATION_INFO),
	BODY(EXTENDED_MASTER_SECRET),
	BODY(ENCRYPT_THEN_MAC),
	BODY(MAX_FRAGMENT_LENGTH),
	BODY(RECORD_SIZE_LIMIT),
	BODY(STATUS_REQUEST),
	BODY(HEARTBEAT),
	BODY(SIGNED_CERTIFICATE_TIMESTAMP),
#undef BODY
};

bool gate_defect_decode(struct client_hello *out, struct cursor body, enum defect defect)
{
	for (size_t i = 0; i < sizeof leniencies / sizeof leniencies[0]; i++) {
		if (leniencies[i].defect != defect)
			continue;
		uint64_t admitted = leniencies[i].body == EXTENSION_UNKNOWN
					    ? 0
					    : (uint64_t)1 << leniencies[i].body;
		return client_hello_decode(out, body, leniencies[i].leniency, NULL) == FAULT_NONE &&
		       out->malformed == admitted;
	}
	return false;
}

/* --- intolerances --- */

typedef bool hello_trait(const struct gate_result *hello);

static bool any_extension(const struct gate_result *hello,
			  bool (*is)(const struct extension_item *))
{
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (is(&item))
			return true;
	return false;
}

static bool item_is_unknown(const struct extension_item *item)
{
	return extension_id_of(item->type) == EXTENSION_UNKNOWN && !code_is_grease(item->type);
}

static bool item_is_grease(const struct extension_item *item)
{
	return code_is_grease(item->type);
}

static bool has_unknown_extension(const struct gate_result *hello)
{
	return any_extension(hello, item_is_unknown);
}

static bool list_has_grease(struct span list)
{
	for (size_t i = 0; i < list_u16_len(list); i++)
		if (code_is_grease(list_u16(list, i)))
			return true;
	return false;
}

static bool has_grease(const struct gate_result *hello)
{
	return list_has_grease(hello->hello.suites) || any_extension(hello, item_is_grease) ||
	       list_has_grease(client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS));
}

static bool has_unknown_suite(const struct gate_result *hello)
{
	for (size_t i = 0; i < list_u16_len(hello->hello.suites); i++) {
		uint16_t suite = list_u16(hello->hello.suites, i);
		if (!cipher_suite_by_code(suite) && !code_is_grease(suite))
			return true;
	}
	return false;
}

static bool has_many_suites(const struct gate_result *hello)
{
	return list_u16_len(hello->hello.suites) > SUITES_TOLERATED;
}

static bool has_unknown_group(const struct gate_result *hello)
{
	struct span groups = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; i < list_u16_len(groups); i++) {
		uint16_t group = list_u16(groups, i);
		if (!registry_name(&registry_groups, group) && !code_is_grease(group))
			return true;
	}
	return false;
}

static bool has_unknown_scheme(const struct gate_result *hello)
{
	struct span schemes = client_hello_view(&hello->hello, EXTENSION_SIGNATURE_ALGORITHMS);
	for (size_t i = 0; i < list_u16_len(schemes); i++)
		if (!registry_name(&registry_signature_schemes, list_u16(schemes, i)))
			return true;
	return false;
}

static bool is_big(const struct gate_result *hello)
{
	return hello->message.len > BYTES_TOLERATED;
}

static bool is_of_256_to_511(const struct gate_result *hello)
{
	return hello->message.len >= 256 && hello->message.len <= 511;
}

static bool is_above_tls12(const struct gate_result *hello)
{
	return hello->hello.legacy_version > version_code(TLS1_2);
}

static bool has_no_server_name(const struct gate_result *hello)
{
	return !client_hello_has(&hello->hello, EXTENSION_SERVER_NAME);
}

static bool has_no_extensions(const struct gate_result *hello)
{
	return !hello->hello.has_extensions;
}

static bool has_padding(const struct gate_result *hello)
{
	return client_hello_has(&hello->hello, EXTENSION_PADDING);
}

static bool has_alpn(const struct gate_result *hello)
{
	return client_hello_has(&hello->hello, EXTENSION_ALPN);
}

static bool has_status_request(const struct gate_result *hello)
{
	return client_hello_has(&hello->hello, EXTENSION_STATUS_REQUEST);
}

static bool has_ticket(const struct gate_result *hello)
{
	return client_hello_has(&hello->hello, EXTENSION_SESSION_TICKET);
}

static bool has_supported_versions(const struct gate_result *hello)
{
	return client_hello_has(&hello->hello, EXTENSION_SUPPORTED_VERSIONS);
}

static bool has_session_id(const struct gate_result *hello)
{
	return hello->hello.session_id.len > 0;
}

static bool has_more_compression(const struct gate_result *hello)
{
	return hello->hello.compression.len > 1;
}

static bool has_signalling_suite(const struct gate_result *hello)
{
	return list_u16_has(hello->hello.suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

/* renegotiation_info, which our own hellos and OpenSSL's put near the end, comes first. */
static bool is_in_another_order(const struct gate_result *hello)
{
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item first;
	return extension_next(&block, &first) && first.type == EXT_RENEGOTIATION_INFO &&
	       cursor_left(&block) > 0;
}

static bool ends_with_an_empty_extension(const struct gate_result *hello)
{
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item item = { .data = span_of("", 1) };
	while (extension_next(&block, &item))
		continue;
	return item.data.len == 0;
}

static const struct {
	enum defect defect;
	hello_trait *trait;
	enum gate_verdict verdict;
	uint8_t alert;
} intolerances[] = {
	{ DEFECT_INTOLERANT_OF_UNKNOWN_EXTENSIONS, has_unknown_extension, GATE_ALERT,
	  ALERT_UNSUPPORTED_EXTENSION },
	{ DEFECT_INTOLERANT_OF_GREASE, has_grease, GATE_ALERT, ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_UNKNOWN_SUITES, has_unknown_suite, GATE_ALERT,
	  ALERT_HANDSHAKE_FAILURE },
	{ DEFECT_INTOLERANT_OF_MANY_SUITES, has_many_suites, GATE_CLOSE, 0 },
	{ DEFECT_INTOLERANT_OF_UNKNOWN_GROUPS, has_unknown_group, GATE_ALERT,
	  ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_UNKNOWN_SCHEMES, has_unknown_scheme, GATE_ALERT,
	  ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_BIG_HELLOS, is_big, GATE_ALERT, ALERT_INTERNAL_ERROR },
	{ DEFECT_INTOLERANT_OF_256_TO_511, is_of_256_to_511, GATE_HANG, 0 },
	{ DEFECT_INTOLERANT_OF_NEW_VERSIONS, is_above_tls12, GATE_ALERT, ALERT_PROTOCOL_VERSION },
	{ DEFECT_INTOLERANT_OF_NO_SERVER_NAME, has_no_server_name, GATE_ALERT,
	  ALERT_HANDSHAKE_FAILURE },
	{ DEFECT_INTOLERANT_OF_NO_EXTENSIONS, has_no_extensions, GATE_ALERT,
	  ALERT_HANDSHAKE_FAILURE },
	{ DEFECT_INTOLERANT_OF_PADDING, has_padding, GATE_ALERT, ALERT_DECODE_ERROR },
	{ DEFECT_INTOLERANT_OF_ALPN, has_alpn, GATE_CLOSE, 0 },
	{ DEFECT_INTOLERANT_OF_STATUS_REQUEST, has_status_request, GATE_CLOSE, 0 },
	{ DEFECT_INTOLERANT_OF_TICKETS, has_ticket, GATE_ALERT, ALERT_DECODE_ERROR },
	{ DEFECT_INTOLERANT_OF_SUPPORTED_VERSIONS, has_supported_versions, GATE_ALERT,
	  ALERT_PROTOCOL_VERSION },
	{ DEFECT_INTOLERANT_OF_SESSION_IDS, has_session_id, GATE_ALERT, ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_COMPRESSION, has_more_compression, GATE_ALERT,
	  ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_SIGNALLING_SUITES, has_signalling_suite, GATE_ALERT,
	  ALERT_HANDSHAKE_FAILURE },
	{ DEFECT_INTOLERANT_OF_ORDER, is_in_another_order, GATE_ALERT, ALERT_ILLEGAL_PARAMETER },
	{ DEFECT_INTOLERANT_OF_EMPTY_LAST_EXTENSION, ends_with_an_empty_extension, GATE_ALERT,
	  ALERT_DECODE_ERROR },
};

void gate_defect_balk(enum defect defect, struct gate_result *out)
{
	for (size_t i = 0; i < sizeof intolerances / sizeof intolerances[0]; i++) {
		if (intolerances[i].defect != defect || !intolerances[i].trait(out))
			continue;
		out->verdict = intolerances[i].verdict;
		out->alert = intolerances[i].alert;
	}
}

/* --- what mbedTLS cannot do, as far as the ServerHello --- */

static const struct {
	enum defect defect;
	enum version version;
	uint16_t suite;
} forgeries[] = {
	{ DEFECT_ACCEPTS_SSLV3, SSLV3, 0x002F },       { DEFECT_ACCEPTS_SSLV3, SSLV3, 0xC013 },
	{ DEFECT_ACCEPTS_SSLV3, SSLV3, 0xC014 },       { DEFECT_ACCEPTS_SSLV3, SSLV3, 0x0035 },
	{ DEFECT_ACCEPTS_SSLV3, SSLV3, 0x0005 },       { DEFECT_ACCEPTS_RC4, TLS1_2, 0x0005 },
	{ DEFECT_ACCEPTS_TRIPLE_DES, TLS1_2, 0x000A }, { DEFECT_ACCEPTS_NULL, TLS1_2, 0x003B },
	{ DEFECT_ACCEPTS_NULL, TLS1_2, 0x0002 },       { DEFECT_ACCEPTS_EXPORT, TLS1_2, 0x0003 },
	{ DEFECT_ACCEPTS_EXPORT, TLS1_2, 0x0008 },     { DEFECT_ACCEPTS_ANONYMOUS, TLS1_2, 0x0034 },
	{ DEFECT_ACCEPTS_ANONYMOUS, TLS1_2, 0xC018 },
};

void gate_defect_forge(const struct client_hello *hello, enum defect defect,
		       struct gate_result *out)
{
	for (size_t i = 0; i < sizeof forgeries / sizeof forgeries[0]; i++) {
		uint16_t code = version_code(forgeries[i].version);
		if (forgeries[i].defect != defect || hello->legacy_version != code ||
		    !list_u16_has(hello->suites, forgeries[i].suite))
			continue;
		out->verdict = GATE_FORGE;
		out->version = forgeries[i].version;
		out->suite = forgeries[i].suite;
		return;
	}
}
