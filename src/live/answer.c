/* SPDX-License-Identifier: Apache-2.0 */
#include "live/answer.h"

#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* One answer, and what it answers. */
struct answer {
	const struct oracle *oracle;
	const struct client_hello *hello;
	const struct observation *seen;
};

/* The body of an extension of the answer; `at` is NULL for one that is not there. */
static struct span body_of(const struct answer *answer, uint16_t type)
{
	struct cursor block = cursor_over(answer->seen->server_extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (item.type == type)
			return item.data.at ? item.data : span_of("", 0);
	return span_of(NULL, 0);
}

static bool answers(const struct answer *answer, uint16_t type)
{
	return body_of(answer, type).at != NULL;
}

/* An extension that stands in the hello and not in the answer. */
static bool is_passed_over(const struct answer *answer, enum extension_id id, uint16_t type)
{
	return client_hello_has(answer->hello, id) && !answers(answer, type);
}

/* RFC 7507 and the like apart, what follows is about TLS 1.0 to 1.2. */
static bool is_before_tls13(const struct answer *answer)
{
	return answer->seen->version >= TLS1_0 && answer->seen->version < TLS1_3;
}

static bool selects_cbc(const struct answer *answer)
{
	const struct cipher_suite *suite = cipher_suite_by_code(answer->seen->suite);
	return suite && cipher_suite_is_cbc(suite);
}

/* RFC 5246 7.4.1.3: the random of every ServerHello is made anew. */
static bool repeats_random(const struct answer *answer)
{
	return answer->oracle->random && answer->seen->random == answer->oracle->random;
}

/* RFC 8446 4.1.3: a client that offered more has to give up on this random. */
static bool falsely_warns(const struct answer *answer)
{
	const struct observation *seen = answer->seen;
	uint16_t offered = client_hello_version(answer->hello);
	bool tells = seen->downgrade == 2 ? seen->version == TLS1_2 : seen->version < TLS1_2;
	return seen->downgrade && tells && seen->version_code < offered &&
	       version_set_highest(answer->oracle->taken) <= seen->version;
}

static bool lacks_sentinel(const struct answer *answer)
{
	return answer->seen->version < version_set_highest(answer->oracle->taken) &&
	       !answer->seen->downgrade;
}

/* RFC 5746 3.4: the signalling suite asks for the same. */
static bool lacks_renegotiation_info(const struct answer *answer)
{
	bool asked = client_hello_has(answer->hello, EXTENSION_RENEGOTIATION_INFO) ||
		     list_u16_has(answer->hello->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
	return asked && !answers(answer, EXT_RENEGOTIATION_INFO);
}

/* An empty renegotiated_connection behind its length. */
static bool fills_renegotiation_info(const struct answer *answer)
{
	return body_of(answer, EXT_RENEGOTIATION_INFO).len > 1;
}

static bool lacks_master_secret(const struct answer *answer)
{
	return is_passed_over(answer, EXTENSION_EXTENDED_MASTER_SECRET, EXT_EXTENDED_MASTER_SECRET);
}

static bool lacks_encrypt_then_mac(const struct answer *answer)
{
	return is_passed_over(answer, EXTENSION_ENCRYPT_THEN_MAC, EXT_ENCRYPT_THEN_MAC) &&
	       selects_cbc(answer);
}

/* RFC 7366 3: a suite without MAC has nothing to encrypt before it. */
static bool encrypts_then_nothing(const struct answer *answer)
{
	return answers(answer, EXT_ENCRYPT_THEN_MAC) && cipher_suite_by_code(answer->seen->suite) &&
	       !selects_cbc(answer);
}

/* RFC 7919 4: who knows none of the fields that are named must not use one all the same. Nobody
 * knows those that are not assigned. */
static bool uses_unnamed_field(const struct answer *answer)
{
	const struct cipher_suite *suite = cipher_suite_by_code(answer->seen->suite);
	struct span groups = client_hello_view(answer->hello, EXTENSION_SUPPORTED_GROUPS);
	bool named = false;
	for (size_t i = 0; i < list_u16_len(groups); i++) {
		uint16_t group = list_u16(groups, i);
		if (group_is_ffdhe(group) && registry_name(&registry_groups, group))
			return false;
		named = named || group_is_ffdhe(group);
	}
	return named && suite && suite->kx == KX_DHE;
}

/* Only who is said to speak a protocol is known to read the list. */
static bool lacks_protocol(const struct answer *answer)
{
	return answer->oracle->alpn.len && is_passed_over(answer, EXTENSION_ALPN, EXT_ALPN);
}

bool answer_judge(struct answer_flaw *out, const struct oracle *oracle,
		  const struct reading *reading, const struct observation *seen)
{
	static const struct {
		bool (*has)(const struct answer *answer);
		struct answer_flaw flaw;
	} flaws[] = {
		{ repeats_random, { ANOMALY_VIOLATION, FORM_RANDOM, "RANDOM_REPEATED" } },
		{ falsely_warns, { ANOMALY_VIOLATION, FORM_FALSE_SENTINEL, "DOWNGRADE" } },
		{ encrypts_then_nothing,
		  { ANOMALY_VIOLATION, FORM_MAC_ABSENT, "EXTENSION_NOT_ALLOWED" } },
		{ fills_renegotiation_info,
		  { ANOMALY_VIOLATION, FORM_RENEGOTIATION_FILLED, "RENEGOTIATION_INFO" } },
		{ uses_unnamed_field, { ANOMALY_VIOLATION, FORM_FFDHE, "FFDHE_GROUP" } },
		{ lacks_sentinel, { ANOMALY_OMITTED, FORM_SENTINEL, "downgrade-sentinel" } },
		{ lacks_renegotiation_info,
		  { ANOMALY_OMITTED, FORM_RENEGOTIATION_ANSWER, "renegotiation_info" } },
		{ lacks_master_secret,
		  { ANOMALY_OMITTED, FORM_MASTER_SECRET_ANSWER, "extended_master_secret" } },
		{ lacks_encrypt_then_mac,
		  { ANOMALY_OMITTED, FORM_MAC_ANSWER, "encrypt_then_mac" } },
		{ lacks_protocol, { ANOMALY_OMITTED, FORM_ALPN_ANSWER, "alpn" } },
	};
	const struct answer answer = { oracle, &reading->hello, seen };
	if (seen->outcome != OUTCOME_SERVER_HELLO || !reading->decoded || !is_before_tls13(&answer))
		return false;
	for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
		if (!flaws[i].has(&answer))
			continue;
		*out = flaws[i].flaw;
		return true;
	}
	return false;
}
