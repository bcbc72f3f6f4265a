/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"
#include "case/names.h"
#include "registry/cipher_suite.h"

static bool more_words(const struct parse *p)
{
	return parse_is(p, TOKEN_WORD);
}

static bool alerts_read(struct parse *p, struct expectation *out)
{
	while (more_words(p)) {
		uint32_t code;
		struct place at = parse_place(p);
		if (!parse_code(p, &registry_alerts, UINT8_MAX, &code))
			return false;
		if (memchr(out->alerts, (int)code, out->alerts_len))
			return complain_at(p->diags, at, "the alert stands twice");
		if (out->alerts_len == EXPECT_ALERTS_MAX)
			return complain_at(p->diags, at, "there are more than %d alerts",
					   EXPECT_ALERTS_MAX);
		out->alerts[out->alerts_len++] = (uint8_t)code;
	}
	return true;
}

static bool server_hello_read(struct parse *p, struct expectation *out)
{
	uint32_t code;
	out->version = more_words(p) ? version_by_name(parse_peek(p)->text) : VERSION_NONE;
	if (out->version != VERSION_NONE)
		parse_take(p);
	out->has_suite = more_words(p);
	if (!out->has_suite)
		return true;
	const struct token *token = parse_peek(p);
	if (!parse_is_number(p) && !cipher_suite_by_name(token->text))
		return parse_unknown(p, token, "version or suite",
				     version_names(p->arena, suite_names(p->arena)));
	if (!parse_suite(p, &code))
		return false;
	out->suite = (uint16_t)code;
	return true;
}

static bool retry_read(struct parse *p, struct expectation *out)
{
	uint32_t code = 0;
	if (more_words(p) && !parse_code(p, &registry_groups, UINT16_MAX, &code))
		return false;
	out->group = (uint16_t)code;
	return true;
}

static bool prefix_read(struct parse *p, struct expectation *out)
{
	return !parse_is(p, TOKEN_OPEN) || elements_read(p, BYTES_PLAIN, 0, &out->prefix);
}

static const struct outcome_word {
	const char *word;
	enum expected_kind kind;
	bool (*read)(struct parse *p, struct expectation *out);
} outcome_words[] = {
	{ "server_hello", EXPECT_SERVER_HELLO, server_hello_read },
	{ "hello_retry_request", EXPECT_RETRY_REQUEST, retry_read },
	{ "alert", EXPECT_ALERT, alerts_read },
	{ "warning", EXPECT_WARNING, alerts_read },
	{ "close", EXPECT_CLOSE, NULL },
	{ "fin", EXPECT_FIN, NULL },
	{ "reset", EXPECT_RESET, NULL },
	{ "timeout", EXPECT_TIMEOUT, NULL },
	{ "finished", EXPECT_FINISHED, NULL },
	{ "application_data", EXPECT_APPLICATION_DATA, prefix_read },
	{ "bytes", EXPECT_BYTES, prefix_read },
};

#define OUTCOMES_LEN (sizeof(outcome_words) / sizeof(outcome_words[0]))

static bool outcome_read(struct parse *p, bool tolerated)
{
	const char *known[OUTCOMES_LEN + 1] = { NULL };
	struct expectation outcome = { .at = parse_place(p),
				       .tolerated = tolerated,
				       .version = VERSION_NONE };
	size_t which;
	for (size_t i = 0; i < OUTCOMES_LEN; i++)
		known[i] = outcome_words[i].word;
	if (!parse_choice(p, "outcome", known, &which))
		return false;
	outcome.kind = outcome_words[which].kind;
	if (outcome_words[which].read && !outcome_words[which].read(p, &outcome))
		return false;
	struct conformance_case *stanza = p->stanza;
	struct expectation *all = parse_grow(p, stanza->expectations, stanza->expectations_len,
					     &p->expectations_cap, sizeof(*all), CASE_LIST_MAX);
	if (!all)
		return false;
	stanza->expectations = all;
	all[stanza->expectations_len++] = outcome;
	return true;
}

void expect_read(struct parse *p, struct place at)
{
	if (p->expected)
		complain_at(p->diags, at,
			    "'expect' is stated twice; further outcomes follow an 'or'");
	else if (outcome_read(p, false))
		parse_done(p);
	p->expected = true;
}

void or_read(struct parse *p, struct place at)
{
	if (!p->expected)
		complain_at(p->diags, at, "'or' stands before 'expect'");
	else if (outcome_read(p, false))
		parse_done(p);
}

void allow_read(struct parse *p, struct place at)
{
	(void)at;
	do {
		if (!outcome_read(p, true))
			return;
	} while (parse_comma(p));
	parse_done(p);
}

/* One name or more, of suites or of a registry. */
static bool codes_read(struct parse *p, struct fact *out, const struct registry *registry)
{
	do {
		uint32_t code;
		struct place at = parse_place(p);
		if (!(registry ? parse_code(p, registry, UINT16_MAX, &code)
			       : parse_suite(p, &code)))
			return false;
		if (out->codes_len == FACT_CODES_MAX)
			return complain_at(p->diags, at, "there are more than %d names",
					   FACT_CODES_MAX);
		out->codes[out->codes_len++] = (uint16_t)code;
	} while (more_words(p));
	return true;
}

static bool presence_read(struct parse *p, struct fact *out)
{
	static const char *const names[] = { "absent", "present", NULL };
	size_t which;
	if (!parse_choice(p, "presence", names, &which))
		return false;
	out->present = which == 1;
	return true;
}

static bool version_read(struct parse *p, struct fact *out)
{
	return parse_version_code(p, &out->value);
}

static bool suite_read(struct parse *p, struct fact *out)
{
	return codes_read(p, out, NULL);
}

static bool group_read(struct parse *p, struct fact *out)
{
	return codes_read(p, out, &registry_groups);
}

static bool signature_read(struct parse *p, struct fact *out)
{
	return codes_read(p, out, &registry_signature_schemes);
}

static bool session_id_read(struct parse *p, struct fact *out)
{
	static const char *const names[] = { "echoed", "empty", "fresh", NULL };
	size_t which;
	if (!parse_choice(p, "state of a session id", names, &which))
		return false;
	out->kind = (enum fact_kind)(FACT_SESSION_ID_ECHOED + which);
	return true;
}

static bool random_read(struct parse *p, struct fact *out)
{
	(void)out;
	return parse_accept(p, "fresh") || parse_expected(p, "'fresh'");
}

static bool compression_read(struct parse *p, struct fact *out)
{
	return parse_code(p, &registry_compression_methods, UINT8_MAX, &out->value);
}

static bool extension_fact_read(struct parse *p, struct fact *out)
{
	if (!parse_code(p, &registry_extensions, UINT16_MAX, &out->value))
		return false;
	if (parse_is(p, TOKEN_OPEN))
		out->kind = FACT_EXTENSION_BODY;
	if (out->kind == FACT_EXTENSION_BODY ? !elements_read(p, BYTES_PLAIN, 0, &out->body)
					     : !presence_read(p, out))
		return false;
	out->in_server_hello = parse_accept(p, "in");
	return !out->in_server_hello || parse_accept(p, "server_hello") ||
	       parse_expected(p, "'server_hello'");
}

static bool downgrade_read(struct parse *p, struct fact *out)
{
	static const char *const names[] = { "none", "TLS1.1", "TLS1.2", NULL };
	size_t which;
	if (!parse_choice(p, "sentinel", names, &which))
		return false;
	out->value = version_code(version_by_name(span_text(names[which])));
	return true;
}

static bool count_read(struct parse *p, struct fact *out)
{
	return parse_number(p, "how many", 0, UINT16_MAX, &out->value);
}

static const struct fact_word {
	const char *word;
	enum fact_kind kind;
	bool (*read)(struct parse *p, struct fact *out);
} fact_words[] = {
	{ "version", FACT_VERSION, version_read },
	{ "record_version", FACT_RECORD_VERSION, version_read },
	{ "suite", FACT_SUITE, suite_read },
	{ "group", FACT_GROUP, group_read },
	{ "signature", FACT_SIGNATURE, signature_read },
	{ "session_id", FACT_SESSION_ID_ECHOED, session_id_read },
	{ "random", FACT_RANDOM_FRESH, random_read },
	{ "compression", FACT_COMPRESSION, compression_read },
	{ "extension", FACT_EXTENSION, extension_fact_read },
	{ "downgrade", FACT_DOWNGRADE, downgrade_read },
	{ "certificate_request", FACT_CERTIFICATE_REQUEST, presence_read },
	{ "change_cipher_spec", FACT_CHANGE_CIPHER_SPEC, presence_read },
	{ "alerts", FACT_ALERTS, count_read },
	{ "closed", FACT_CLOSED, NULL },
	{ "fragments", FACT_FRAGMENTS, count_read },
};

#define FACTS_LEN (sizeof(fact_words) / sizeof(fact_words[0]))

void assert_read(struct parse *p, struct place at)
{
	const char *known[FACTS_LEN + 1] = { NULL };
	struct fact fact = { .at = at, .present = true };
	size_t which;
	for (size_t i = 0; i < FACTS_LEN; i++)
		known[i] = fact_words[i].word;
	if (!parse_choice(p, "fact", known, &which))
		return;
	fact.kind = fact_words[which].kind;
	if ((fact_words[which].read && !fact_words[which].read(p, &fact)) || !parse_done(p))
		return;
	struct conformance_case *stanza = p->stanza;
	struct fact *facts = parse_grow(p, stanza->facts, stanza->facts_len, &p->facts_cap,
					sizeof(*facts), CASE_LIST_MAX);
	if (!facts)
		return;
	stanza->facts = facts;
	facts[stanza->facts_len++] = fact;
}
