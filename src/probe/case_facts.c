/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "probe/case_prover_internal.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#include <stdio.h>

#define BODY_MAX     4096
#define SENTENCE_MAX 512
#define SHOWN_MAX    16

enum holding { HOLDS, BROKEN, UNSEEN };

/* One fact under examination; what was seen is said in `saw`. */
struct exam {
	struct case_prover *prover;
	const struct trial *trial;
	const struct observation *seen;
	const struct case_answer *answer;
	const struct fact *fact;
	char asked[SENTENCE_MAX], saw[SENTENCE_MAX];
};

#define ASKED(exam, ...) snprintf((exam)->asked, sizeof((exam)->asked), __VA_ARGS__)
#define SAW(exam, ...)	 snprintf((exam)->saw, sizeof((exam)->saw), __VA_ARGS__)

static enum holding holds(bool yes)
{
	return yes ? HOLDS : BROKEN;
}

static const char *presence(bool present)
{
	return present ? "present" : "absent";
}

static void append(char *out, size_t out_len, const char *text)
{
	size_t len = strlen(out);
	if (len + 1 < out_len)
		snprintf(out + len, out_len - len, "%s", text);
}

static void code_name(char out[64], enum fact_kind kind, uint16_t code)
{
	const char *name = NULL;
	if (kind == FACT_SUITE) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, code);
		snprintf(out, 64, "%s", label);
		return;
	}
	if (kind == FACT_GROUP)
		name = registry_name(&registry_groups, code);
	else
		name = registry_name(&registry_signature_schemes, code);
	if (name)
		snprintf(out, 64, "%s", name);
	else
		snprintf(out, 64, "0x%04X", code);
}

static enum holding is_one_of(struct exam *exam, const char *what, uint16_t code)
{
	const struct fact *fact = exam->fact;
	char name[64];
	bool found = false;
	ASKED(exam, "%s", what);
	for (size_t i = 0; i < fact->codes_len; i++) {
		code_name(name, fact->kind, fact->codes[i]);
		append(exam->asked, sizeof(exam->asked), i ? " or " : " ");
		append(exam->asked, sizeof(exam->asked), name);
		found = found || fact->codes[i] == code;
	}
	code_name(name, fact->kind, code);
	SAW(exam, "%s", name);
	return code || fact->kind == FACT_SUITE ? holds(found) : UNSEEN;
}

static enum holding exam_versions(struct exam *exam)
{
	const struct case_answer *answer = exam->answer;
	uint16_t wanted = (uint16_t)exam->fact->value;
	if (exam->fact->kind == FACT_VERSION) {
		ASKED(exam, "version %s", version_name(version_by_code(wanted)));
		SAW(exam, "0x%04X", exam->seen->version_code);
		return holds(exam->seen->version_code == wanted);
	}
	ASKED(exam, "record_version 0x%04X", wanted);
	SAW(exam, "0x%04X%s", answer->record_version,
	    answer->record_versions_differ ? " and others" : "");
	if (!answer->record_version)
		return UNSEEN;
	return holds(answer->record_version == wanted && !answer->record_versions_differ);
}

/* CVE-2016-9244: what was sent, and memory behind it. A few bytes may agree by chance. */
static bool is_led_by_ours(const struct case_answer *answer)
{
	struct span ours = answer->sent_session_id, theirs = answer->session_id;
	return ours.len >= 8 && theirs.len > ours.len &&
	       span_equal(ours, span_of(theirs.at, ours.len));
}

static enum holding exam_session_id(struct exam *exam)
{
	const struct case_answer *answer = exam->answer;
	bool echoed = span_equal(answer->session_id, answer->sent_session_id);
	SAW(exam, "%zu bytes%s", answer->session_id.len,
	    !answer->session_id.len ? ""
	    : echoed		    ? ", those that were sent"
				    : ", others than those that were sent");
	if (exam->fact->kind == FACT_SESSION_ID_ECHOED) {
		ASKED(exam, "session_id echoed");
		return holds(echoed);
	}
	if (exam->fact->kind == FACT_SESSION_ID_EMPTY) {
		ASKED(exam, "session_id empty");
		return holds(!answer->session_id.len);
	}
	ASKED(exam, "session_id fresh");
	return holds(!answer->session_id.len || !(echoed || is_led_by_ours(answer)));
}

static enum holding exam_random(struct exam *exam)
{
	struct span control = exam->prover->control_random[exam->trial->version];
	ASKED(exam, "random fresh");
	SAW(exam, "the random of the control");
	if (!control.len)
		return UNSEEN;
	return holds(!span_equal(control, exam->answer->random));
}

static bool find_extension(struct span block, uint32_t type, struct span *body)
{
	struct cursor at = cursor_over(block);
	while (cursor_left(&at)) {
		uint16_t one = cursor_u16(&at);
		struct span data = cursor_vec16(&at);
		if (!cursor_ok(&at))
			return false;
		if (one == type) {
			*body = data;
			return true;
		}
	}
	return false;
}

static void hex_brief(char *out, size_t out_len, struct span bytes)
{
	out[0] = '\0';
	for (size_t i = 0; i < bytes.len && i < SHOWN_MAX; i++) {
		char pair[4];
		snprintf(pair, sizeof(pair), "%02x", bytes.at[i]);
		append(out, out_len, pair);
	}
	if (bytes.len > SHOWN_MAX)
		append(out, out_len, "...");
}

static enum holding exam_extension(struct exam *exam)
{
	const struct fact *fact = exam->fact;
	uint8_t room[BODY_MAX];
	struct builder b;
	struct span body = span_of(NULL, 0);
	char number[24], shown[64];
	struct span block =
		fact->in_server_hello ? exam->seen->server_extensions : exam->answer->extensions;
	bool found = find_extension(block, fact->value, &body);
	const char *where = fact->in_server_hello ? " in server_hello" : "";
	const char *name = registry_name(&registry_extensions, fact->value);
	snprintf(number, sizeof(number), "%u", fact->value);
	if (fact->kind == FACT_EXTENSION) {
		ASKED(exam, "extension %s %s%s", name ? name : number, presence(fact->present),
		      where);
		SAW(exam, "it %s", presence(found));
		return holds(found == fact->present);
	}
	struct case_setting setting = { .version = exam->trial->version,
					.seed = exam->prover->options.seed,
					.member = exam->trial->member };
	builder_init(&b, room, sizeof(room), NULL, 0);
	elements_encode(&b, &fact->body, &setting);
	hex_brief(shown, sizeof(shown), builder_view(&b));
	ASKED(exam, "extension %s { %s }%s", name ? name : number, shown, where);
	hex_brief(shown, sizeof(shown), body);
	SAW(exam, found ? "{ %s }" : "none%s", found ? shown : "");
	return holds(found && builder_fault(&b) == FAULT_NONE &&
		     span_equal(body, builder_view(&b)));
}

static enum holding exam_downgrade(struct exam *exam)
{
	static const char *const names[] = { "none", "TLS1.1", "TLS1.2" };
	uint8_t wanted = exam->fact->value == version_code(TLS1_2)   ? 2
			 : exam->fact->value == version_code(TLS1_1) ? 1
								     : 0;
	ASKED(exam, "downgrade %s", names[wanted]);
	SAW(exam, "%s", exam->answer->downgrade < 3 ? names[exam->answer->downgrade] : "another");
	return holds(exam->answer->downgrade == wanted);
}

static enum holding exam_flight(struct exam *exam)
{
	const struct case_answer *answer = exam->answer;
	bool request = exam->fact->kind == FACT_CERTIFICATE_REQUEST;
	bool found = request ? answer->certificate_requested : answer->change_cipher_spec;
	ASKED(exam, "%s %s", request ? "certificate_request" : "change_cipher_spec",
	      presence(exam->fact->present));
	SAW(exam, "it %s", presence(found));
	/* What has not come may still have been on its way. */
	bool over = answer->flight_complete || answer->finished || answer->closed || answer->reset;
	return found || over || !request ? holds(found == exam->fact->present) : UNSEEN;
}

static enum holding exam_end(struct exam *exam)
{
	const struct case_answer *answer = exam->answer;
	switch (exam->fact->kind) {
	case FACT_ALERTS:
		ASKED(exam, "alerts %u", exam->fact->value);
		SAW(exam, "%u", answer->alerts);
		return holds(answer->alerts == exam->fact->value);
	case FACT_CLOSED:
		ASKED(exam, "closed");
		SAW(exam, "that the connection stands");
		return holds(answer->closed || answer->reset);
	default:
		break;
	}
	ASKED(exam, "fragments %u", exam->fact->value);
	SAW(exam, "a record of %u bytes", answer->largest_record);
	return answer->largest_record ? holds(answer->largest_record <= exam->fact->value) : UNSEEN;
}

static enum holding examine(struct exam *exam)
{
	switch (exam->fact->kind) {
	case FACT_VERSION:
	case FACT_RECORD_VERSION:
		return exam_versions(exam);
	case FACT_SUITE:
		return is_one_of(exam, "suite", exam->seen->suite);
	case FACT_GROUP:
		return is_one_of(exam, "group",
				 exam->answer->group ? exam->answer->group : exam->seen->group);
	case FACT_SIGNATURE:
		return is_one_of(exam, "signature",
				 exam->answer->signature_scheme ? exam->answer->signature_scheme
								: exam->seen->signature_scheme);
	case FACT_SESSION_ID_ECHOED:
	case FACT_SESSION_ID_EMPTY:
	case FACT_SESSION_ID_FRESH:
		return exam_session_id(exam);
	case FACT_RANDOM_FRESH:
		return exam_random(exam);
	case FACT_COMPRESSION:
		ASKED(exam, "compression %u", exam->fact->value);
		SAW(exam, "%u", exam->answer->compression);
		return holds(exam->answer->compression == exam->fact->value);
	case FACT_EXTENSION:
	case FACT_EXTENSION_BODY:
		return exam_extension(exam);
	case FACT_DOWNGRADE:
		return exam_downgrade(exam);
	case FACT_CERTIFICATE_REQUEST:
	case FACT_CHANGE_CIPHER_SPEC:
		return exam_flight(exam);
	case FACT_ALERTS:
	case FACT_CLOSED:
	case FACT_FRAGMENTS:
		return exam_end(exam);
	}
	return UNSEEN;
}

/* Facts of a ServerHello say nothing about an answer that has none. */
static bool is_about_hello(const struct fact *fact)
{
	switch (fact->kind) {
	case FACT_RECORD_VERSION:
	case FACT_ALERTS:
	case FACT_CLOSED:
	case FACT_FRAGMENTS:
		return false;
	default:
		return true;
	}
}

const char *case_facts_broken(struct case_prover *prover, const struct trial *trial,
			      const struct observation *seen, bool *unknown)
{
	const char *unseen = NULL;
	const struct case_answer *answer = seen->answer;
	bool has_hello = answer && (answer->server_hello || answer->retry_request ||
				    seen->outcome == OUTCOME_SERVER_HELLO);
	*unknown = false;
	for (size_t i = 0; i < trial->of->facts_len; i++) {
		struct exam exam = { prover, trial, seen, answer, &trial->of->facts[i], "", "" };
		if (!answer) {
			*unknown = true;
			return "what is asserted cannot be seen";
		}
		if (is_about_hello(exam.fact) && !has_hello)
			continue;
		enum holding holding = examine(&exam);
		if (holding == BROKEN)
			return arena_printf(prover->arena, "assert %s: saw %s", exam.asked,
					    exam.saw);
		if (holding == UNSEEN && !unseen)
			unseen = arena_printf(prover->arena, "assert %s: it cannot be seen",
					      exam.asked);
	}
	*unknown = unseen != NULL;
	return unseen;
}
