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

/* RFC 8446 4.1.4: it must change something, and nothing that we cannot give. */
static bool check_retry_request(struct handshake *h, const struct server_hello *hello)
{
	uint16_t group = hello->selected_group;
	struct span groups = client_hello_view(&h->hello, EXTENSION_SUPPORTED_GROUPS);
	if (h->retried)
		violate(h, VIOLATION_SECOND_RETRY, "after the second hello");
	else if (group && (!list_u16_has(groups, group) || share_offered(h, group)))
		violate(h, VIOLATION_GROUP_NOT_OFFERED, "0x%04X in hello_retry_request", group);
	else if (!group && !hello->cookie.len)
		violate(h, VIOLATION_EXTENSION_MISSING, "hello_retry_request asks for nothing");
	else
		return true;
	return false;
}

static bool check_13(struct handshake *h, const struct server_hello *hello)
{
	if (hello->legacy_version != 0x0303)
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X as legacy_version",
			hello->legacy_version);
	else if (!span_equal(hello->session_id, h->hello.session_id))
		violate(h, VIOLATION_SESSION_ID_NOT_ECHOED, "%zu bytes came back",
			hello->session_id.len);
	else if (hello->is_retry_request)
		return check_retry_request(h, hello);
	else if (h->retried && hello->suite != h->retry_request.suite)
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "not the one of the HelloRetryRequest");
	else
		return true;
	return false;
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
	} else if (version != TLS1_3 && (h->retried || hello->is_retry_request)) {
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X with a HelloRetryRequest",
			hello->version);
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
	} else if (check_extensions(h, hello->extensions,
				    hello->is_retry_request ? PLACE_RETRY_REQUEST
							    : PLACE_SERVER_HELLO)) {
		return version != TLS1_3 || check_13(h, hello);
	}
	return false;
}
