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

static void put_row(struct object *object, const struct rule *rule)
{
	if (!rule)
		return;
	struct object row = object_make();
	object_text(&row, "file", rule->at.file);
	object_int(&row, "line", rule->at.line);
	object_text(&row, "text", rule->row);
	object_object(object, "row", row);
}

static struct object expected_object(const struct ruling *ruling)
{
	struct object object = object_make();
	object_text(&object, "outcome", expected_outcome(ruling->kind));
	object_text(&object, "ruling", ruling_name(ruling->kind));
	object_bool(&object, "inferred", ruling->inferred);
	object_text(&object, "cite", ruling_cite(ruling));
	put_row(&object, ruling->rule);
	if (ruling->against) {
		struct object against = object_make();
		object_text(&against, "cite", ruling->against->table->cite);
		put_row(&against, ruling->against);
		object_object(&object, "against", against);
	}
	return object;
}

static void put_code(struct object *object, const char *key, const struct registry *registry,
		     uint32_t code)
{
	char number[12];
	const char *name = registry_name(registry, code);
	snprintf(number, sizeof(number), "%u", code);
	object_text(object, key, name ? name : number);
}

static void put_suite_code(struct object *object, const char *key, uint32_t code, bool kind)
{
	char text[12];
	snprintf(text, sizeof(text), kind ? "0x%06X" : "0x%04X", code);
	object_text(object, key, text);
}

/* What an SSLv2 SERVER-HELLO lists; it selects nothing. */
static void put_kinds(struct object *object, struct span kinds)
{
	json_t *array = json_array();
	char text[12];
	for (size_t i = 0; i + 3 <= kinds.len; i += 3) {
		const uint8_t *at = kinds.at + i;
		snprintf(text, sizeof(text), "0x%02X%02X%02X", at[0], at[1], at[2]);
		if (json_array_append_new(array, json_string(text)))
			object->bad = true;
	}
	object_put(object, "kinds", array);
}

static void put_hello(struct object *object, const struct observation *seen)
{
	char text[64];
	bool known = seen->version != VERSION_NONE;
	snprintf(text, sizeof(text), "0x%04X", seen->version_code);
	object_text(object, "version", known ? version_name(seen->version) : text);
	if (seen->version != SSLV2 && seen->suite) {
		cipher_suite_label(text, seen->suite);
		object_text(object, "suite", text);
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
		object_int(object, "dh_bits", seen->dh_bits);
}

static const char *level_name(uint8_t level)
{
	return level == ALERT_FATAL ? "fatal" : level == ALERT_WARNING ? "warning" : "unknown";
}

static void put_answer(struct object *object, const struct observation *seen)
{
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		put_hello(object, seen);
		break;
	case OUTCOME_ALERT:
		put_code(object, "alert", &registry_alerts, seen->alert);
		object_text(object, "level", level_name(seen->alert_level));
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

static void put_refusal(struct object *object, const struct observation *seen)
{
	const struct refusal *refusal = seen->refusal;
	if (refusal && refusal->sqlstate[0])
		object_text(object, "sqlstate", refusal->sqlstate);
	if (refusal && refusal->message[0])
		object_text(object, "message", refusal->message);
	else if (seen->message)
		object_text(object, "message", seen->message);
}

static void put_circumstances(struct object *object, const struct observation *seen)
{
	if (seen->after_server_hello)
		object_bool(object, "after_server_hello", true);
	if (seen->retried_hello)
		object_bool(object, "followed_hello_retry_request", true);
	if (seen->extra_bytes)
		object_bool(object, "extra_bytes", true);
	if (seen->overload)
		object_bool(object, "overload", true);
	if (seen->certificate_requested)
		object_bool(object, "certificate_requested", true);
	if (seen->broken)
		object_text(object, "broken", seen->broken);
	if (seen->unable)
		object_text(object, "unable", seen->unable);
	if (seen->session)
		object_text(object, "session", seen->session);
}

static struct object observed_object(const struct finding *finding, bool stable)
{
	const struct observation *seen = &finding->observed;
	struct object object = object_make();
	object_text(&object, "outcome",
		    seen->outcome == OUTCOME_NONE ? "none" : outcome_name(seen->outcome));
	put_answer(&object, seen);
	if (finding->proof == PROOF_GROUP) {
		object_text(&object, "proof", "group");
		object_int(&object, "group_size", finding->group_len);
	} else if (finding->proof == PROOF_SINGLE) {
		object_text(&object, "proof", "single");
	}
	if (seen->outcome != OUTCOME_NONE)
		object_text(&object, "depth", depth_name(seen->depth));
	if (seen->layer != LAYER_NONE)
		object_text(&object, "layer", layer_name(seen->layer));
	put_refusal(&object, seen);
	put_circumstances(&object, seen);
	if (seen->outcome != OUTCOME_NONE && !stable) {
		uint64_t us =
			seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
		object_int(&object, "attempts", seen->attempts);
		if (seen->waited_ms)
			object_int(&object, "waited_ms", seen->waited_ms);
		object_put(&object, "elapsed_ms", json_real((double)us / 1000.0));
	}
	return object;
}

static void put_evidence(struct object *object, const struct report_evidence *evidence)
{
	if (!evidence)
		return;
	object_hex(object, "sent", evidence->sent);
	object_put(object, "sent_ms", json_real((double)evidence->started_us / 1000.0));
	object_hex(object, "received", evidence->received);
	object_put(object, "received_ms", json_real((double)evidence->ended_us / 1000.0));
}

struct object json_finding(const struct report *report, size_t index, const struct finding *finding)
{
	struct object object = object_make();
	object_text(&object, "id", finding->id);
	object_int(&object, "run", index);
	object_text(&object, "kind", finding_kind_name(finding->kind));
	if (finding->version != VERSION_NONE)
		object_text(&object, "version", version_name(finding->version));
	if (finding->has_suite) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, (uint16_t)finding->suite);
		const char *name = finding_suite_name(finding);
		object_text(&object, "suite", *name ? name : label);
		put_suite_code(&object, "suite_code", finding->suite, finding->version == SSLV2);
	}
	if (finding_is_case(finding))
		json_case(&object, finding);
	else
		object_object(&object, "expected", expected_object(&finding->expected));
	object_object(&object, "observed", observed_object(finding, report->stable));
	object_text(&object, "verdict", verdict_name(finding->verdict));
	object_text(&object, "baseline", since_name(finding->since));
	object_text(&object, "reason", finding->reason);
	object_texts(&object, "remarks", finding->remarks, finding->remarks_len);
	object_text(&object, "shape", finding->shape);
	object_text(&object, "control", finding->control);
	/* A server's bytes are fresh in every run. */
	if (!report->stable)
		put_evidence(&object, run_evidence(&report->runs[index], finding));
	return object;
}
