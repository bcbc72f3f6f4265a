/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

static bool offers_version(const struct client_hello *hello, uint16_t version)
{
	if (client_hello_has(hello, EXTENSION_SUPPORTED_VERSIONS))
		return list_u16_has(client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS),
				    version);
	return version >= 0x0301 && version <= hello->legacy_version && version < 0x0304;
}

/* The sentinel matters only to a client that offered something newer (RFC 8446 4.1.3). */
static bool is_downgraded(const struct client_hello *offered, const struct server_hello *hello)
{
	uint16_t best = client_hello_version(offered);
	if (hello->version >= best || !hello->downgrade)
		return false;
	return hello->downgrade == 2 ? hello->version == 0x0303 : hello->version < 0x0303;
}

static bool was_offered(const struct handshake *h, uint16_t type)
{
	struct cursor block = cursor_over(h->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (item.type == type)
			return true;
	/* The signalling suite stands for an empty renegotiation_info (RFC 5746 3.4). */
	return type == EXT_RENEGOTIATION_INFO &&
	       list_u16_has(h->hello.suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

/* Where an extension may stand in TLS 1.3 (RFC 8446 4.2, the table). */
static bool belongs_13(uint16_t type, uint8_t message)
{
	switch (type) {
	case EXT_KEY_SHARE:
	case EXT_SUPPORTED_VERSIONS:
		return message == HANDSHAKE_SERVER_HELLO;
	case EXT_PRE_SHARED_KEY:
	case EXT_COOKIE:
		return message == HANDSHAKE_SERVER_HELLO;
	case EXT_PSK_KEY_EXCHANGE_MODES:
	case EXT_EC_POINT_FORMATS:
	case EXT_EXTENDED_MASTER_SECRET:
	case EXT_ENCRYPT_THEN_MAC:
	case EXT_SESSION_TICKET:
	case EXT_RENEGOTIATION_INFO:
	case EXT_SIGNATURE_ALGORITHMS:
		return false;
	default:
		return message == HANDSHAKE_ENCRYPTED_EXTENSIONS;
	}
}

static bool belongs_12(uint16_t type)
{
	return type != EXT_KEY_SHARE && type != EXT_SUPPORTED_VERSIONS &&
	       type != EXT_PRE_SHARED_KEY && type != EXT_COOKIE &&
	       type != EXT_SIGNATURE_ALGORITHMS && type != EXT_PSK_KEY_EXCHANGE_MODES;
}

static const char *extension_word(uint16_t type)
{
	const char *name = registry_name(&registry_extensions, type);
	return name ? name : "an unknown extension";
}

static bool seen_before(struct span block, size_t end, uint16_t type)
{
	struct cursor again = cursor_over(span_of(block.at, end));
	struct extension_item item;
	while (extension_next(&again, &item))
		if (item.type == type)
			return true;
	return false;
}

bool check_extensions(struct handshake *h, struct span block, uint8_t message)
{
	struct cursor in = cursor_over(block);
	struct extension_item item;
	for (size_t start = 0; extension_next(&in, &item); start = in.at) {
		bool cookie = item.type == EXT_COOKIE && h->facts.phase == PHASE_NEGOTIATING;
		bool belongs = h->facts.version == TLS1_3 ? belongs_13(item.type, message)
							  : belongs_12(item.type);
		enum violation violation = VIOLATION_NONE;
		if (seen_before(block, start, item.type))
			violation = VIOLATION_EXTENSION_DUPLICATE;
		else if (!was_offered(h, item.type) && !cookie)
			violation = VIOLATION_EXTENSION_NOT_OFFERED;
		else if (!belongs)
			violation = VIOLATION_EXTENSION_NOT_ALLOWED;
		if (violation != VIOLATION_NONE) {
			violate(h, violation, "%s in %s", extension_word(item.type),
				message_name(message));
			return false;
		}
	}
	return true;
}

static bool check_13(struct handshake *h, const struct server_hello *hello)
{
	if (!span_equal(hello->session_id, h->hello.session_id)) {
		violate(h, VIOLATION_SESSION_ID_NOT_ECHOED, "%zu bytes came back",
			hello->session_id.len);
		return false;
	}
	if (hello->is_retry_request && h->retried) {
		violate(h, VIOLATION_SECOND_RETRY, "after the second hello");
		return false;
	}
	if (h->retried && hello->suite != h->retry_request.suite) {
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "not the one of the HelloRetryRequest");
		return false;
	}
	return true;
}

/* The order is that of an implementation: version, suite, compression, extensions. */
bool check_server_hello(struct handshake *h, const struct server_hello *hello)
{
	enum version version = version_by_code(hello->version);
	const struct cipher_suite *suite = cipher_suite_by_code(hello->suite);
	h->facts.version = version;
	h->facts.suite = hello->suite;
	h->suite = suite;
	if (!offers_version(&h->hello, hello->version)) {
		h->facts.version = VERSION_NONE;
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X", hello->version);
	} else if (is_downgraded(&h->hello, hello)) {
		violate(h, VIOLATION_DOWNGRADE, "at 0x%04X", hello->version);
	} else if (!list_u16_has(h->hello.suites, hello->suite) ||
		   cipher_suite_is_signal(hello->suite)) {
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "0x%04X", hello->suite);
	} else if (suite && suite->registered && !cipher_suite_in(suite, version)) {
		violate(h, VIOLATION_SUITE_NOT_IN_VERSION, "%s in %s", suite->name,
			version_name(version));
	} else if (hello->compression != 0) {
		violate(h, VIOLATION_COMPRESSION_NOT_OFFERED, "%u", hello->compression);
	} else if (check_extensions(h, hello->extensions, HANDSHAKE_SERVER_HELLO)) {
		return version != TLS1_3 || check_13(h, hello);
	}
	return false;
}
