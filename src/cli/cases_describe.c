/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cases_command.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define LABEL "  %-9s"

static void name_or_number(struct text *out, const struct registry *registry, uint32_t code)
{
	const char *name = registry_name(registry, code);
	if (name)
		text_printf(out, " %s", name);
	else
		text_printf(out, " %u", code);
}

static void suite(struct text *out, uint16_t code)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, code);
	text_printf(out, " %s", label);
}

/* What stands for itself is shown as digits; a share or a capture only exists at run time. */
static void bytes(struct text *out, const struct elements *elements)
{
	static const struct case_setting setting = { .version = TLS1_2 };
	uint8_t room[256];
	struct builder b;
	builder_init(&b, room, sizeof(room), NULL, 0);
	elements_encode(&b, elements, &setting);
	text_printf(out, " {");
	for (size_t i = 0; i < b.len; i++)
		text_printf(out, " %02x", room[i]);
	text_printf(out, "%s }", b.bad ? " ..." : "");
}

static void describe_citation(struct text *out, const struct citation *cite)
{
	text_printf(out, LABEL " %s, %s%s%s\n", "cite", cite->text, case_level_name(cite->level),
		    cite->prohibits ? "-NOT" : "", cite->sender ? ", binds who sends" : "");
}

static void describe_versions(struct text *out, const struct cases_choice *choice)
{
	enum version versions[VERSIONS_LEN];
	size_t len = cases_versions(versions, choice->of);
	text_printf(out, LABEL, "at");
	for (size_t i = 0; choice->of->versions && i < len; i++)
		text_printf(out, " %s", version_name(versions[i]));
	if (!choice->of->versions)
		text_printf(out, " any version, once");
	if (len > 1 || !choice->of->versions)
		text_printf(out, "; shown at %s", version_name(choice->version));
	text_printf(out, "\n");
}

static void describe_family(struct text *out, const struct cases_choice *choice)
{
	const struct family *family = &choice->of->family;
	if (family->kind == FAMILY_NONE)
		return;
	text_printf(out, LABEL " %s", "each", cases_family_word(family->kind));
	if (family->kind == FAMILY_LENGTHS)
		text_printf(out, " %+d", (int)family->by);
	text_printf(out, "; %zu members at %s, shown is %u\n", choice->members_len,
		    version_name(choice->version), choice->member);
}

static void optional(struct text *out, const char *label, const char *value)
{
	if (value)
		text_printf(out, LABEL " %s\n", label, value);
}

void cases_describe(struct text *out, const struct cases_choice *choice)
{
	const struct conformance_case *of = choice->of;
	text_printf(out, "%s %s\n", of->is_feature ? "feature" : "case", of->name);
	text_printf(out, LABEL " %s:%u\n", "from", of->at.file, of->at.line);
	for (size_t i = 0; i < of->citations_len; i++)
		describe_citation(out, &of->citations[i]);
	optional(out, "why", of->why);
	if (of->cve)
		text_printf(out, LABEL " %s: %s\n", "cve", of->cve,
			    of->cve_shows ? of->cve_shows : "");
	optional(out, "edition", of->edition);
	describe_versions(out, choice);
	optional(out, "over", of->over);
	for (size_t i = 0; i < of->needs_len; i++)
		text_printf(out, LABEL " %s%s\n", "needs", of->needs[i].absent ? "no " : "",
			    cases_needs_word(&of->needs[i]));
	describe_family(out, choice);
}

static void describe_sizes(struct text *out, const struct step *step)
{
	if (!step->segments_len)
		return;
	text_printf(out, ", in segments %s", step->every_segment ? "of" : "split");
	for (size_t i = 0; i < step->segments_len; i++)
		text_printf(out, " %u", step->segments[i]);
}

static void describe_awaited(struct text *out, const struct step *step)
{
	static const char *const words[] = {
		[AWAITED_SERVER_HELLO] = "server_hello",
		[AWAITED_SERVER_HELLO_DONE] = "server_hello_done",
		[AWAITED_HELLO_RETRY_REQUEST] = "hello_retry_request",
		[AWAITED_FLIGHT] = "the end of the server's flight",
		[AWAITED_BYTES] = "bytes in clear",
	};
	if (step->awaited == AWAITED_BYTES)
		text_printf(out, "%u ", step->bytes);
	text_printf(out, "%s", words[step->awaited]);
}

void cases_describe_step(struct text *out, const struct step *step, size_t index, size_t sent)
{
	text_printf(out, "step %zu: ", index);
	switch (step->kind) {
	case STEP_SEND:
		text_printf(out, "send");
		for (size_t i = 0; i < step->items_len; i++)
			text_printf(out, "%s %s", i ? "," : "",
				    step->items[i].name ? step->items[i].name : "message");
		text_printf(out, ": %zu bytes", sent);
		describe_sizes(out, step);
		if (step->withhold)
			text_printf(out, ", the last %u not sent", step->withhold);
		if (step->after_ms)
			text_printf(out, ", after %u ms", step->after_ms);
		break;
	case STEP_AWAIT:
		text_printf(out, "await ");
		describe_awaited(out, step);
		break;
	case STEP_COMPLETE:
		text_printf(out, "complete the handshake");
		break;
	case STEP_SHUT:
		text_printf(out, "end our side of the connection");
		break;
	}
	text_printf(out, "\n");
}

static void describe_outcome(struct text *out, const struct expectation *expected)
{
	static const char *const words[] = {
		[EXPECT_SERVER_HELLO] = "server_hello",
		[EXPECT_RETRY_REQUEST] = "hello_retry_request",
		[EXPECT_ALERT] = "alert",
		[EXPECT_WARNING] = "warning",
		[EXPECT_CLOSE] = "close",
		[EXPECT_FIN] = "fin",
		[EXPECT_RESET] = "reset",
		[EXPECT_TIMEOUT] = "timeout",
		[EXPECT_FINISHED] = "finished",
		[EXPECT_APPLICATION_DATA] = "application_data",
		[EXPECT_BYTES] = "bytes",
	};
	text_printf(out, LABEL " %s", expected->tolerated ? "allow" : "expect",
		    words[expected->kind]);
	if (expected->kind == EXPECT_SERVER_HELLO && expected->version != VERSION_NONE)
		text_printf(out, " %s", version_name(expected->version));
	if (expected->has_suite)
		suite(out, expected->suite);
	if (expected->group)
		name_or_number(out, &registry_groups, expected->group);
	for (size_t i = 0; i < expected->alerts_len; i++)
		name_or_number(out, &registry_alerts, expected->alerts[i]);
	if (expected->prefix.len)
		bytes(out, &expected->prefix);
	text_printf(out, "\n");
}

/* How a fact's operands are told. */
enum fact_form { FORM_NONE, FORM_PRESENCE, FORM_NUMBER, FORM_VERSION, FORM_CODES, FORM_EXTENSION };

static const struct {
	const char *words;
	enum fact_form form;
	const struct registry *registry;
} facts[] = {
	[FACT_VERSION] = { "version", FORM_VERSION, NULL },
	[FACT_RECORD_VERSION] = { "record_version", FORM_VERSION, NULL },
	[FACT_SUITE] = { "suite", FORM_CODES, NULL },
	[FACT_GROUP] = { "group", FORM_CODES, &registry_groups },
	[FACT_SIGNATURE] = { "signature", FORM_CODES, &registry_signature_schemes },
	[FACT_SESSION_ID_ECHOED] = { "session_id echoed", FORM_NONE, NULL },
	[FACT_SESSION_ID_EMPTY] = { "session_id empty", FORM_NONE, NULL },
	[FACT_SESSION_ID_FRESH] = { "session_id fresh", FORM_NONE, NULL },
	[FACT_RANDOM_FRESH] = { "random fresh", FORM_NONE, NULL },
	[FACT_COMPRESSION] = { "compression", FORM_NUMBER, &registry_compression_methods },
	[FACT_EXTENSION] = { "extension", FORM_EXTENSION, &registry_extensions },
	[FACT_EXTENSION_BODY] = { "extension", FORM_EXTENSION, &registry_extensions },
	[FACT_DOWNGRADE] = { "downgrade", FORM_VERSION, NULL },
	[FACT_CERTIFICATE_REQUEST] = { "certificate_request", FORM_PRESENCE, NULL },
	[FACT_CHANGE_CIPHER_SPEC] = { "change_cipher_spec", FORM_PRESENCE, NULL },
	[FACT_ALERTS] = { "alerts", FORM_NUMBER, NULL },
	[FACT_CLOSED] = { "closed", FORM_NONE, NULL },
	[FACT_FRAGMENTS] = { "fragments", FORM_NUMBER, NULL },
};

static void describe_codes(struct text *out, const struct fact *fact)
{
	for (size_t i = 0; i < fact->codes_len; i++) {
		if (facts[fact->kind].registry)
			name_or_number(out, facts[fact->kind].registry, fact->codes[i]);
		else
			suite(out, fact->codes[i]);
	}
}

static void describe_value(struct text *out, const struct fact *fact)
{
	enum version version = version_by_code((uint16_t)fact->value);
	if (facts[fact->kind].form != FORM_VERSION && facts[fact->kind].registry)
		name_or_number(out, facts[fact->kind].registry, fact->value);
	else if (facts[fact->kind].form != FORM_VERSION)
		text_printf(out, " %u", fact->value);
	else if (fact->kind == FACT_DOWNGRADE && fact->value == 0)
		text_printf(out, " none");
	else if (version != VERSION_NONE)
		text_printf(out, " %s", version_name(version));
	else
		text_printf(out, " 0x%04x", fact->value);
}

static void describe_fact(struct text *out, const struct fact *fact)
{
	enum fact_form form = facts[fact->kind].form;
	text_printf(out, LABEL " %s", "assert", facts[fact->kind].words);
	if (form == FORM_CODES)
		describe_codes(out, fact);
	else if (form != FORM_NONE && form != FORM_PRESENCE)
		describe_value(out, fact);
	if (form == FORM_PRESENCE || fact->kind == FACT_EXTENSION)
		text_printf(out, " %s", fact->present ? "present" : "absent");
	if (fact->kind == FACT_EXTENSION_BODY)
		bytes(out, &fact->body);
	text_printf(out, "\n");
}

void cases_describe_answer(struct text *out, const struct conformance_case *of)
{
	text_printf(out, "the answer\n");
	for (size_t i = 0; i < of->expectations_len; i++)
		describe_outcome(out, &of->expectations[i]);
	for (size_t i = 0; i < of->facts_len; i++)
		describe_fact(out, &of->facts[i]);
}
