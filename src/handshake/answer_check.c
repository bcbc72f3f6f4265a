/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/answer_check.h"

#include "handshake/handshake_internal.h"

#include <assert.h>

/* SSLv3 counts here: it is not followed, but it may be what was asked for. */
static bool offers_version(const struct client_hello *hello, uint16_t version)
{
	if (client_hello_has(hello, EXTENSION_SUPPORTED_VERSIONS))
		return list_u16_has(client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS),
				    version);
	return version >= 0x0300 && version <= hello->legacy_version && version < 0x0304;
}

static bool offers_compression(const struct client_hello *hello, uint8_t method)
{
	return method == 0 || (hello->compression.len &&
			       memchr(hello->compression.at, method, hello->compression.len));
}

/* RFC 8446 4.1.4: it must change something, and nothing that we cannot give. */
static void check_retry(struct handshake *h, const struct server_hello *answer)
{
	uint16_t group = answer->selected_group;
	struct span groups = client_hello_view(&h->hello, EXTENSION_SUPPORTED_GROUPS);
	if (h->retried)
		violate(h, VIOLATION_SECOND_RETRY, "after the second hello");
	else if (group && (!list_u16_has(groups, group) || share_offered(h, group)))
		violate(h, VIOLATION_GROUP_NOT_OFFERED, "0x%04X in hello_retry_request", group);
	else if (!group && !answer->cookie.len)
		violate(h, VIOLATION_EXTENSION_MISSING, "hello_retry_request asks for nothing");
}

static void check_13(struct handshake *h, const struct answer_question *question)
{
	const struct server_hello *answer = question->answer;
	uint16_t group = answer->selected_group;
	if (answer->legacy_version != 0x0303)
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X as legacy_version",
			answer->legacy_version);
	else if (!span_equal(answer->session_id, h->hello.session_id))
		violate(h, VIOLATION_SESSION_ID_NOT_ECHOED, "%zu bytes came back",
			answer->session_id.len);
	else if (answer->is_retry_request)
		check_retry(h, answer);
	else if (question->retry && answer->suite != question->retry->suite)
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "not the one of the HelloRetryRequest");
	else if (group && !share_offered(h, group))
		violate(h, VIOLATION_GROUP_NOT_OFFERED, "0x%04X", group);
	else if (!group && !client_hello_has(&h->hello, EXTENSION_PRE_SHARED_KEY))
		violate(h, VIOLATION_EXTENSION_MISSING, "key_share");
}

static void check_choice(struct handshake *h, const struct answer_question *question)
{
	const struct server_hello *answer = question->answer;
	enum version version = version_by_code(answer->version);
	const struct cipher_suite *suite = cipher_suite_by_code(answer->suite);
	h->facts.version = version;
	h->retried = question->retry != NULL;
	if (!offers_version(&h->hello, answer->version))
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X", answer->version);
	else if (version != TLS1_3 && (h->retried || answer->is_retry_request))
		violate(h, VIOLATION_VERSION_NOT_OFFERED, "0x%04X with a HelloRetryRequest",
			answer->version);
	else if (!list_u16_has(h->hello.suites, answer->suite) ||
		 cipher_suite_is_signal(answer->suite))
		violate(h, VIOLATION_SUITE_NOT_OFFERED, "0x%04X", answer->suite);
	else if (suite && suite->registered && !cipher_suite_in(suite, version))
		violate(h, VIOLATION_SUITE_NOT_IN_VERSION, "%s in %s", suite->name,
			version_name(version));
	else if (!offers_compression(&h->hello, answer->compression) ||
		 (version == TLS1_3 && answer->compression))
		violate(h, VIOLATION_COMPRESSION_NOT_OFFERED, "%u", answer->compression);
	else if (check_extensions(h, answer->extensions,
				  answer->is_retry_request ? PLACE_RETRY_REQUEST
							   : PLACE_SERVER_HELLO) &&
		 version == TLS1_3)
		check_13(h, question);
}

enum violation answer_check(const struct answer_question *question, char detail[ANSWER_DETAIL_MAX])
{
	struct handshake h = { .options.directed = true };
	struct cursor body = cursor_over(span_skip(question->hello, HANDSHAKE_HEADER_LEN));
	detail[0] = '\0';
	if (client_hello_decode(&h.hello, body, LENIENT_ALL, NULL) != FAULT_NONE)
		return VIOLATION_NONE;
	check_choice(&h, question);
	static_assert(sizeof(h.facts.detail) == ANSWER_DETAIL_MAX, "one size for both");
	memcpy(detail, h.facts.detail, ANSWER_DETAIL_MAX);
	return h.facts.violation;
}

enum violation answer_undecoded(struct span body)
{
	return server_hello_fault(body);
}

const char *answer_rule(enum violation violation, enum version version)
{
	bool tls13 = version == TLS1_3;
	switch (violation) {
	case VIOLATION_EXTENSION_NOT_OFFERED:
	case VIOLATION_EXTENSION_NOT_ALLOWED:
	case VIOLATION_EXTENSION_DUPLICATE:
		return tls13 ? "RFC 8446 4.2" : "RFC 5246 7.4.1.4";
	case VIOLATION_EXTENSION_VALUE:
		return "RFC 7301 3.1"; /* only ALPN's choice is compared */
	case VIOLATION_POINT_FORMATS:
		return "RFC 8422 5.2";
	case VIOLATION_GROUP_NOT_OFFERED:
		return "RFC 8446 4.2.8";
	case VIOLATION_EXTENSION_MISSING:
		return "RFC 8446 9.2";
	case VIOLATION_SECOND_RETRY:
		return "RFC 8446 4.1.4";
	case VIOLATION_SUITE_NOT_IN_VERSION:
		return tls13 ? "RFC 8446 B.4" : "RFC 5246 A.5";
	default:
		return tls13 ? "RFC 8446 4.1.3" : "RFC 5246 7.4.1.3";
	}
}
