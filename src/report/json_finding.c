/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "report/case_words.h"
#include "report/facts.h"
#include "report/json_internal.h"

static const char *expected_outcome(enum ruling_kind kind)
{
	switch (kind) {
	case RULING_ACCEPT:
	case RULING_SHOULD:
		return "accept";
	case RULING_REJECT:
	case RULING_SHOULD_NOT:
		return "reject";
	case RULING_SILENT:
	case RULING_MAY:
	case RULING_CONFLICT:
		break;
	}
	return "any";
}

static void put_row(struct json_stream *object, const struct rule *rule)
{
	if (!rule)
		return;
	struct json_stream row = json_open_member(object, "row");
	json_text(&row, "file", rule->at.file);
	json_int(&row, "line", rule->at.line);
	json_text(&row, "text", rule->row);
	json_close(&row);
}

void json_expected(struct json_stream *object, const struct ruling *ruling)
{
	struct json_stream expected = json_open_member(object, "expected");
	json_text(&expected, "outcome", expected_outcome(ruling->kind));
	json_text(&expected, "ruling", ruling_name(ruling->kind));
	json_bool(&expected, "inferred", ruling->inferred);
	json_text(&expected, "cite", ruling_cite(ruling));
	put_row(&expected, ruling->rule);
	if (ruling->against) {
		struct json_stream against = json_open_member(&expected, "against");
		json_text(&against, "cite", ruling->against->table->cite);
		put_row(&against, ruling->against);
		json_close(&against);
	}
	json_close(&expected);
}

static void put_code(struct json_stream *object, const char *key, const struct registry *registry,
		     uint32_t code)
{
	char number[12];
	const char *name = registry_name(registry, code);
	snprintf(number, sizeof(number), "%u", code);
	json_text(object, key, name ? name : number);
}

static void put_suite_code(struct json_stream *object, const char *key, uint32_t code, bool kind)
{
	char text[12];
	snprintf(text, sizeof(text), kind ? "0x%06X" : "0x%04X", code);
	json_text(object, key, text);
}

/* What an SSLv2 SERVER-HELLO lists; it selects nothing. */
static void put_kinds(struct json_stream *object, struct span kinds)
{
	struct json_stream array = json_open_array(object, "kinds");
	char text[12];
	for (size_t i = 0; i + 3 <= kinds.len; i += 3) {
		const uint8_t *at = kinds.at + i;
		snprintf(text, sizeof(text), "0x%02X%02X%02X", at[0], at[1], at[2]);
		json_item(&array, text);
	}
	json_close_array(&array);
}

static void put_hello(struct json_stream *object, const struct observation *seen)
{
	char text[64];
	bool known = seen->version != VERSION_NONE;
	snprintf(text, sizeof(text), "0x%04X", seen->version_code);
	json_text(object, "version", known ? version_name(seen->version) : text);
	if (seen->version != SSLV2 && seen->suite) {
		cipher_suite_label(text, seen->suite);
		json_text(object, "suite", text);
		put_suite_code(object, "suite_code", seen->suite, false);
	}
	if (seen->version == SSLV2)
		put_kinds(object, seen->kinds);
	if (seen->group)
		put_code(object, "group", &registry_groups, seen->group);
	if (seen->signature_scheme)
		put_code(object, "signature_scheme", &registry_signature_schemes,
			 seen->signature_scheme);
	if (seen->dh_bits)
		json_int(object, "dh_bits", seen->dh_bits);
}

static const char *level_name(uint8_t level)
{
	return level == ALERT_FATAL ? "fatal" : level == ALERT_WARNING ? "warning" : "unknown";
}

static void put_answer(struct json_stream *object, const struct observation *seen)
{
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		put_hello(object, seen);
		break;
	case OUTCOME_ALERT:
		put_code(object, "alert", &registry_alerts, seen->alert);
		json_text(object, "level", level_name(seen->alert_level));
		break;
	case OUTCOME_NONE:
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_REFUSED:
	case OUTCOME_PLAINTEXT:
	case OUTCOME_TIMEOUT:
	case OUTCOME_GARBAGE:
	case OUTCOME_UNREACHABLE:
		break;
	}
}

static void put_refusal(struct json_stream *object, const struct observation *seen)
{
	const struct refusal *refusal = seen->refusal;
	if (refusal && refusal->sqlstate[0])
		json_text(object, "sqlstate", refusal->sqlstate);
	if (refusal && refusal->message[0])
		json_text(object, "message", refusal->message);
	else if (seen->message)
		json_text(object, "message", seen->message);
}

static void put_circumstances(struct json_stream *object, const struct observation *seen)
{
	if (seen->after_server_hello)
		json_bool(object, "after_server_hello", true);
	if (seen->retried_hello)
		json_bool(object, "followed_hello_retry_request", true);
	if (seen->extra_bytes)
		json_bool(object, "extra_bytes", true);
	if (seen->overload)
		json_bool(object, "overload", true);
	if (seen->certificate_requested)
		json_bool(object, "certificate_requested", true);
	if (seen->broken)
		json_text(object, "broken", seen->broken);
	if (seen->unable)
		json_text(object, "unable", seen->unable);
	if (seen->session)
		json_text(object, "session", seen->session);
}

static void put_observed(struct json_stream *outer, const struct finding *finding, bool stable)
{
	const struct observation *seen = &finding->observed;
	struct json_stream object = json_open_member(outer, "observed");
	json_text(&object, "outcome",
		  seen->outcome == OUTCOME_NONE ? "none" : outcome_name(seen->outcome));
	put_answer(&object, seen);
	if (finding->proof == PROOF_GROUP) {
		json_text(&object, "proof", "group");
		json_int(&object, "group_size", finding->group_len);
	} else if (finding->proof == PROOF_SINGLE) {
		json_text(&object, "proof", "single");
	}
	if (seen->outcome != OUTCOME_NONE)
		json_text(&object, "depth", depth_name(seen->depth));
	if (seen->layer != LAYER_NONE)
		json_text(&object, "layer", layer_name(seen->layer));
	put_refusal(&object, seen);
	put_circumstances(&object, seen);
	if (seen->outcome != OUTCOME_NONE && !stable) {
		uint64_t us =
			seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
		json_int(&object, "attempts", seen->attempts);
		if (seen->waited_ms)
			json_int(&object, "waited_ms", seen->waited_ms);
		json_ms(&object, "elapsed_ms", us);
	}
	json_close(&object);
}

static void put_evidence(struct json_stream *object, const struct report_evidence *evidence)
{
	if (!evidence)
		return;
	json_hex(object, "sent", evidence->sent);
	json_ms(object, "sent_ms", evidence->started_us);
	json_hex(object, "received", evidence->received);
	json_ms(object, "received_ms", evidence->ended_us);
}

void json_finding(struct text *out, const struct report *report, size_t index,
		  const struct finding *finding)
{
	struct json_stream object = json_open(out);
	json_text(&object, "id", finding->id);
	json_int(&object, "run", index);
	json_text(&object, "kind", finding_kind_name(finding->kind));
	if (finding->version != VERSION_NONE)
		json_text(&object, "version", version_name(finding->version));
	if (finding->has_suite) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, (uint16_t)finding->suite);
		const char *name = finding_suite_name(finding);
		json_text(&object, "suite", *name ? name : label);
		put_suite_code(&object, "suite_code", finding->suite, finding->version == SSLV2);
	}
	if (finding_is_case(finding))
		json_case(&object, finding);
	else
		json_expected(&object, &finding->expected);
	put_observed(&object, finding, report->stable);
	json_text(&object, "verdict", verdict_name(finding->verdict));
	json_text(&object, "baseline", since_name(finding->since));
	json_text(&object, "reason", finding->reason);
	json_texts(&object, "remarks", finding->remarks, finding->remarks_len);
	json_text(&object, "shape", finding->shape);
	json_text(&object, "control", finding->control);
	/* A server's bytes are fresh in every run. */
	if (!report->stable)
		put_evidence(&object, run_evidence(&report->runs[index], finding));
	json_close(&object);
}
