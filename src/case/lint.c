/* SPDX-License-Identifier: Apache-2.0 */
#include "case/lint.h"
#include "registry/registry.h"

static bool alerts_cover(const struct expectation *a, const struct expectation *b)
{
	for (size_t i = 0; i < b->alerts_len; i++)
		if (a->alerts_len && !memchr(a->alerts, b->alerts[i], a->alerts_len))
			return false;
	return b->alerts_len || !a->alerts_len;
}

/* Whether `a` holds wherever `b` does. */
static bool covers(const struct expectation *a, const struct expectation *b)
{
	if (a->kind == EXPECT_CLOSE && (b->kind == EXPECT_FIN || b->kind == EXPECT_RESET))
		return true;
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case EXPECT_SERVER_HELLO:
		return a->version == b->version &&
		       (!a->has_suite || (b->has_suite && a->suite == b->suite));
	case EXPECT_RETRY_REQUEST:
		return !a->group || a->group == b->group;
	case EXPECT_ALERT:
	case EXPECT_WARNING:
		return alerts_cover(a, b);
	case EXPECT_APPLICATION_DATA:
	case EXPECT_BYTES:
		return !a->prefix.len;
	default:
		return true;
	}
}

/* What is tolerated may well be wider than what is expected, but not the other way round. */
static void outcomes_lint(const struct conformance_case *of, struct diags *diags)
{
	for (size_t i = 0; i < of->expectations_len; i++) {
		const struct expectation *b = &of->expectations[i];
		for (size_t j = 0; j < of->expectations_len; j++) {
			const struct expectation *a = &of->expectations[j];
			if (i == j || !covers(a, b) || (a->tolerated && !b->tolerated))
				continue;
			if (a->tolerated == b->tolerated && covers(b, a) && j > i)
				continue;
			diag_add(diags, DIAG_ERROR, b->at,
				 "the outcome of line %u holds wherever this one does", a->at.line);
			break;
		}
	}
}

static bool has_step(const struct conformance_case *of, enum step_kind kind)
{
	for (size_t i = 0; i < of->steps_len; i++)
		if (of->steps[i].kind == kind)
			return true;
	return false;
}

static void finished_lint(const struct conformance_case *of, struct diags *diags)
{
	for (size_t i = 0; i < of->expectations_len; i++)
		if (of->expectations[i].kind == EXPECT_FINISHED && !has_step(of, STEP_COMPLETE))
			diag_add(diags, DIAG_ERROR, of->expectations[i].at,
				 "nothing is 'finished' without a 'complete'");
}

static bool is_session_id(enum fact_kind kind)
{
	return kind == FACT_SESSION_ID_ECHOED || kind == FACT_SESSION_ID_EMPTY ||
	       kind == FACT_SESSION_ID_FRESH;
}

static bool is_extension(enum fact_kind kind)
{
	return kind == FACT_EXTENSION || kind == FACT_EXTENSION_BODY;
}

static bool is_same_subject(const struct fact *a, const struct fact *b)
{
	if (is_extension(a->kind) && is_extension(b->kind))
		return a->value == b->value;
	return a->kind == b->kind || (is_session_id(a->kind) && is_session_id(b->kind));
}

/* A ServerHello that may come has the version that is asserted, or is not told which. */
static bool version_may_be(const struct conformance_case *of, uint32_t code)
{
	bool hello = false;
	for (size_t i = 0; i < of->expectations_len; i++) {
		const struct expectation *e = &of->expectations[i];
		bool told = e->kind == EXPECT_SERVER_HELLO && e->version != VERSION_NONE;
		if (!told && (e->kind == EXPECT_SERVER_HELLO || e->kind == EXPECT_RETRY_REQUEST))
			return true;
		if (told && version_code(e->version) == code)
			return true;
		hello = hello || told;
	}
	return !hello;
}

static void facts_lint(const struct conformance_case *of, struct diags *diags)
{
	for (size_t i = 0; i < of->facts_len; i++) {
		const struct fact *fact = &of->facts[i];
		for (size_t j = 0; j < i; j++) {
			if (!is_same_subject(&of->facts[j], fact))
				continue;
			diag_add(diags, DIAG_ERROR, fact->at,
				 "line %u has asserted something about this already",
				 of->facts[j].at.line);
			break;
		}
		if (fact->kind == FACT_VERSION && !version_may_be(of, fact->value))
			diag_add(diags, DIAG_ERROR, fact->at,
				 "no 'server_hello' that is expected has this version");
	}
}

static const struct element *captured_in(const struct elements *elements);

static const struct element *captured_by(const struct message *message)
{
	const struct element *found = captured_in(&message->body);
	for (size_t i = 0; !found && i < message->edits_len; i++)
		found = captured_in(&message->edits[i].body);
	return found;
}

/* The first capture; as deep as the reader lets braces be. */
static const struct element *captured_in(const struct elements *elements)
{
	const struct element *found = NULL;
	for (size_t i = 0; !found && i < elements->len; i++) {
		const struct element *e = &elements->at[i];
		if (e->kind == ELEMENT_CAPTURED)
			found = e;
		else if (e->kind == ELEMENT_MESSAGE)
			found = captured_by(e->message);
		else
			found = captured_in(&e->children);
	}
	return found;
}

static const struct element *captured(const struct conformance_case *of)
{
	const struct element *found = NULL;
	for (size_t s = 0; s < of->steps_len; s++)
		for (size_t i = 0; !found && i < of->steps[s].items_len; i++) {
			found = captured_in(&of->steps[s].items[i].body);
			if (!found)
				found = captured_by(&of->steps[s].items[i].message);
		}
	return found;
}

/* A feature that nobody defines was reported, and might be the one. */
static void captured_lint(const struct conformance_case *of, struct diags *diags)
{
	const struct element *found = captured(of);
	bool made = !found;
	for (size_t i = 0; i < of->needs_len; i++) {
		const struct need *need = &of->needs[i];
		if (!need->absent && need->version == VERSION_NONE)
			made = made || !need->feature || has_step(need->feature, STEP_COMPLETE);
	}
	if (!made)
		diag_add(diags, DIAG_ERROR, found->at,
			 "nothing is captured: the case needs no feature with a 'complete'");
}

static bool awaits_retry(const struct step *step)
{
	return step->kind == STEP_AWAIT && step->awaited == AWAITED_HELLO_RETRY_REQUEST;
}

/* What a step can no longer do, or not yet. */
static void steps_lint(const struct conformance_case *of, struct diags *diags)
{
	bool shut = false, asked = false;
	for (size_t i = 0; i < of->steps_len; i++) {
		const struct step *step = &of->steps[i];
		asked = asked || awaits_retry(step);
		if (step->kind == STEP_SEND && shut)
			diag_add(diags, DIAG_ERROR, step->at,
				 "nothing can be sent: our side was ended by 'shut'");
		shut = shut || step->kind == STEP_SHUT;
		for (size_t k = 0; k < step->items_len && !asked; k++)
			if (step->items[k].message.base == BASE_RETRY)
				diag_add(diags, DIAG_ERROR, step->items[k].at,
					 "a 'retry' without 'await hello_retry_request' before it");
	}
}

/* Whether a block holds supported_versions, or bytes that might be it. */
static bool may_have_versions(const struct elements *block)
{
	for (size_t i = 0; i < block->len; i++) {
		const struct element *e = &block->at[i];
		if (e->kind == ELEMENT_REPEAT
			    ? may_have_versions(&e->children)
			    : e->kind != ELEMENT_EXTENSION || e->value == EXT_SUPPORTED_VERSIONS)
			return true;
	}
	return false;
}

static bool drops_versions(const struct elements *names)
{
	for (size_t i = 0; i < names->len; i++)
		if (names->at[i].value == EXT_SUPPORTED_VERSIONS)
			return true;
	return false;
}

static bool block_lacks(bool lacks, const struct edit *edit)
{
	switch (edit->place) {
	case EDIT_REPLACE:
		return !may_have_versions(&edit->body);
	case EDIT_ADD:
	case EDIT_FIRST:
		return lacks && !may_have_versions(&edit->body);
	case EDIT_WITHOUT:
		return lacks || drops_versions(&edit->body);
	case EDIT_LIE_ONLY:
		break;
	}
	return lacks;
}

static bool hello_lacks_versions(const struct message *hello, bool before)
{
	bool lacks = hello->base != BASE_FRESH && before;
	for (size_t i = 0; i < hello->edits_len; i++) {
		const struct edit *edit = &hello->edits[i];
		if (edit->kind == EDIT_EXTENSIONS)
			lacks = block_lacks(lacks, edit);
		else if (edit->kind == EDIT_EXTENSIONS_ABSENT)
			lacks = true;
		else if (edit->kind == EDIT_TAIL ||
			 (edit->kind == EDIT_EXTENSION && edit->value == EXT_SUPPORTED_VERSIONS))
			lacks = false;
	}
	return lacks;
}

/* Of the hello that was sent last; what is in records of its own making is not looked into. */
static bool lacks_versions(const struct conformance_case *of)
{
	bool lacks = false;
	for (size_t s = 0; s < of->steps_len; s++)
		for (size_t i = 0; i < of->steps[s].items_len; i++) {
			const struct item *item = &of->steps[s].items[i];
			if (item->kind != ITEM_MESSAGE)
				lacks = false;
			else if (item->message.type == HANDSHAKE_CLIENT_HELLO)
				lacks = item->message.name &&
					hello_lacks_versions(&item->message, lacks);
		}
	return lacks;
}

static void versions_lint(const struct conformance_case *of, struct diags *diags)
{
	if (!lacks_versions(of))
		return;
	for (size_t i = 0; i < of->expectations_len; i++) {
		const struct expectation *e = &of->expectations[i];
		bool asked = e->version == VERSION_NONE && of->versions == VERSION_BIT(TLS1_3);
		bool tls13 = e->kind == EXPECT_SERVER_HELLO && (asked || e->version == TLS1_3);
		if (!e->tolerated && (tls13 || e->kind == EXPECT_RETRY_REQUEST))
			diag_add(diags, DIAG_ERROR, e->at,
				 "TLS 1.3 is expected of a hello without 'supported_versions'");
	}
}

void case_lint(const struct conformance_case *stanza, struct diags *diags)
{
	outcomes_lint(stanza, diags);
	finished_lint(stanza, diags);
	facts_lint(stanza, diags);
	captured_lint(stanza, diags);
	steps_lint(stanza, diags);
	versions_lint(stanza, diags);
}
