/* SPDX-License-Identifier: Apache-2.0 */
#include "live/oracle.h"

#include <stdio.h>

#include "base/fingerprint.h"
#include "live/usual.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

const char *anomaly_word(enum anomaly_kind kind)
{
	static const char *const words[] = {
#define X(name, word, text) word,
		ANOMALY_LIST(X)
#undef X
	};
	return words[kind];
}

const char *anomaly_text(enum anomaly_kind kind)
{
	static const char *const texts[] = {
#define X(name, word, text) text,
		ANOMALY_LIST(X)
#undef X
	};
	return texts[kind];
}

static void demand_by_form(struct demand *out, enum form_rule rule, const char *detail)
{
	out->kind = DEMAND_REJECT;
	out->rule = rule;
	out->detail = detail;
	out->inferred = form_rule_info(rule)->level == FORM_INFERRED;
}

/* RFC 7507 3: it is needless when the endpoint takes something higher. */
static bool falls_back(const struct oracle *oracle, const struct hello_offer *offer)
{
	enum version highest = version_set_highest(offer->offer.versions);
	enum version best = version_set_highest(oracle->taken);
	return offer->fallback_scsv && best != VERSION_NONE && highest != VERSION_NONE &&
	       highest < best;
}

/* Acceptance is owed only where a control was taken, and to a hello that is like it. */
static void demand_acceptance(struct demand *out, const struct oracle *oracle,
			      const struct reading *reading, const struct hello_offer *offer)
{
	enum version version = out->highest;
	out->kind = DEMAND_ANSWER;
	if (version == VERSION_NONE || !(oracle->taken & VERSION_BIT(version)))
		return;
	/* A server from before supported_versions goes by client_version. */
	if (offer->listed && !(offer->old_versions & oracle->taken))
		return;
	const struct client_hello *control = &oracle->controls[version].hello;
	enum usualness usual = hello_usual(&reading->hello, control, version, oracle->alpn);
	if (usual == HELLO_STRANGE)
		return;
	/* RFC 5246 E.1 speaks of {03,XX}; of any at all only RFC 8446 5.1 does. */
	bool odd_record = reading->record_version >> 8 != version_code(SSLV3) >> 8;
	out->kind = DEMAND_ACCEPT;
	out->inferred = out->ruling.inferred || usual == HELLO_LIKELY || reading->warnings > 0 ||
			(odd_record && version < TLS1_3);
}

static void demand_of_hello(struct demand *out, const struct oracle *oracle,
			    const struct reading *reading, uint16_t *scratch)
{
	struct hello_offer offer;
	offer_of(&offer, &reading->hello, scratch);
	out->highest = version_set_highest(offer.offer.versions);
	if (falls_back(oracle, &offer)) {
		demand_by_form(out, FORM_FALLBACK, NULL);
		return;
	}
	out->ruling = policy_hello(oracle->settings, &offer.offer);
	if (out->ruling.kind == RULING_ACCEPT) {
		demand_acceptance(out, oracle, reading, &offer);
	} else if (out->ruling.kind == RULING_REJECT) {
		out->kind = DEMAND_REJECT;
		out->inferred = out->ruling.inferred;
	} else {
		out->kind = DEMAND_ANSWER;
	}
}

static void demand_of_sslv2(struct demand *out, const struct oracle *oracle)
{
	out->highest = SSLV2;
	out->ruling = policy_version(oracle->settings, SSLV2);
	out->kind = out->ruling.kind == RULING_REJECT ? DEMAND_REJECT : DEMAND_ANSWER;
	out->inferred = out->ruling.inferred;
}

void oracle_demand(struct demand *out, const struct oracle *oracle, const struct reading *reading,
		   uint16_t *scratch)
{
	*out = (struct demand){ .kind = DEMAND_NOTHING, .highest = VERSION_NONE };
	switch (reading->kind) {
	case READING_HELLO:
		demand_of_hello(out, oracle, reading, scratch);
		return;
	case READING_BROKEN:
		demand_by_form(out, reading->rule, reading->detail);
		return;
	case READING_SSLV2:
		demand_of_sslv2(out, oracle);
		return;
	case READING_PARTIAL:
	case READING_UNDECIDED:
		return;
	}
}

void anomaly_key(struct anomaly *anomaly, const char *subject)
{
	snprintf(anomaly->key, sizeof(anomaly->key), "%s/%s", anomaly_word(anomaly->kind), subject);
}

static bool report(struct anomaly *out, enum anomaly_kind kind, bool inferred, const char *subject)
{
	out->kind = kind;
	out->inferred = inferred;
	anomaly_key(out, subject);
	return true;
}

static void rule_name(char *out, size_t out_len, const struct demand *demand)
{
	snprintf(out, out_len, "%s%s%s", form_rule_info(demand->rule)->word,
		 demand->detail ? "/" : "", demand->detail ? demand->detail : "");
}

static struct ruling ruling_of_answer(const struct oracle *oracle, const struct observation *seen)
{
	if (seen->version == SSLV2)
		return policy_version(oracle->settings, SSLV2);
	if (seen->outcome == OUTCOME_HELLO_RETRY_REQUEST)
		return policy_version(oracle->settings, TLS1_3);
	return policy_suite(oracle->settings, seen->version, seen->suite);
}

static void pair_name(char *out, size_t out_len, const struct observation *seen)
{
	char label[CIPHER_SUITE_LABEL_MAX] = "";
	bool suite = seen->version != SSLV2 && seen->outcome == OUTCOME_SERVER_HELLO;
	if (suite)
		cipher_suite_label(label, seen->suite);
	snprintf(out, out_len, "%s%s%s", version_name(seen->version), suite ? "/" : "", label);
}

static bool judge_answer(struct anomaly *out, const struct oracle *oracle,
			 const struct demand *demand, const struct observation *seen)
{
	char subject[ANOMALY_KEY_MAX - 16];
	if (seen->violation != VIOLATION_NONE)
		return report(out, ANOMALY_VIOLATION, false, violation_name(seen->violation));
	if (demand->rule != FORM_SOUND) {
		rule_name(subject, sizeof(subject), demand);
		out->rule = demand->rule;
		return report(out, ANOMALY_BROKEN, demand->inferred, subject);
	}
	if (seen->version == VERSION_NONE || (seen->version == SSLV2 && !seen->kinds.len))
		return false;
	out->ruling = ruling_of_answer(oracle, seen);
	if (out->ruling.kind != RULING_REJECT)
		return false;
	pair_name(subject, sizeof(subject), seen);
	return report(out, ANOMALY_ACCEPTED, out->ruling.inferred, subject);
}

static void rejection_name(char *out, size_t out_len, const struct observation *seen)
{
	const char *name = registry_name(&registry_alerts, seen->alert);
	if (seen->outcome != OUTCOME_ALERT)
		snprintf(out, out_len, "%s", outcome_name(seen->outcome));
	else if (name)
		snprintf(out, out_len, "%s%s", seen->alert_level == ALERT_WARNING ? "warning-" : "",
			 name);
	else
		snprintf(out, out_len, "alert-%u", seen->alert);
}

/* What a server may say to a hello of which it wants no version or no suite. */
static bool is_due_to_policy(const struct observation *seen)
{
	return seen->alert == ALERT_HANDSHAKE_FAILURE || seen->alert == ALERT_PROTOCOL_VERSION ||
	       seen->alert == ALERT_INSUFFICIENT_SECURITY;
}

static bool is_due(const struct demand *demand, const struct observation *seen)
{
	uint8_t due = form_rule_info(demand->rule)->alert;
	if (demand->rule != FORM_SOUND && !due)
		return true;
	if (seen->outcome != OUTCOME_ALERT || seen->alert_level != ALERT_FATAL)
		return false;
	return demand->rule == FORM_SOUND ? is_due_to_policy(seen) : seen->alert == due;
}

static bool judge_rejection(struct anomaly *out, const struct oracle *oracle,
			    const struct demand *demand, const struct observation *seen)
{
	char got[32], rule[48], subject[ANOMALY_KEY_MAX - 16];
	/* Names take longer than all the rest, and nearly always nobody asks for them. */
	if (demand->kind != DEMAND_ACCEPT && !oracle->strict)
		return false;
	rejection_name(got, sizeof(got), seen);
	if (demand->kind == DEMAND_ACCEPT) {
		out->ruling = demand->ruling;
		snprintf(subject, sizeof(subject), "%s/%s", version_name(demand->highest), got);
		return report(out, ANOMALY_REFUSED, demand->inferred, subject);
	}
	if (!oracle->strict || demand->kind != DEMAND_REJECT || is_due(demand, seen))
		return false;
	rule_name(rule, sizeof(rule), demand);
	out->rule = demand->rule;
	out->ruling = demand->ruling;
	snprintf(subject, sizeof(subject), "%s/%s", *rule ? rule : "policy", got);
	return report(out, ANOMALY_ALERT, true, subject);
}

static bool judge_silence(struct anomaly *out, const struct reading *reading,
			  const struct demand *demand)
{
	char rule[48], subject[ANOMALY_KEY_MAX - 16];
	bool owed = demand->kind != DEMAND_NOTHING;
	rule_name(rule, sizeof(rule), demand);
	snprintf(subject, sizeof(subject), "%s%s%s", reading_kind_name(reading->kind),
		 *rule ? "/" : "", rule);
	return report(out, ANOMALY_SILENCE, !owed || demand->rule == FORM_MESSAGE_LENGTH, subject);
}

/* A sentence as part of a key: letters and digits, with dashes between words. */
static void slug(char *out, size_t out_len, const char *text)
{
	size_t len = 0;
	for (; *text && len + 1 < out_len; text++) {
		char c = *text >= 'A' && *text <= 'Z' ? (char)(*text - 'A' + 'a') : *text;
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
		if (word)
			out[len++] = c;
		else if (len && out[len - 1] != '-')
			out[len++] = '-';
	}
	out[len] = '\0';
}

bool oracle_judge(struct anomaly *out, const struct oracle *oracle, const struct reading *reading,
		  const struct demand *demand, const struct observation *seen)
{
	char what[64];
	*out = (struct anomaly){ .kind = ANOMALY_NONE };
	if (seen->overload || seen->layer == LAYER_PLAINTEXT)
		return false;
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		return judge_answer(out, oracle, demand, seen);
	case OUTCOME_ALERT:
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_REFUSED:
		return judge_rejection(out, oracle, demand, seen);
	case OUTCOME_TIMEOUT:
		return judge_silence(out, reading, demand);
	case OUTCOME_GARBAGE:
		slug(what, sizeof(what), seen->message ? seen->message : "unknown");
		return report(out, ANOMALY_GARBAGE, false, what);
	case OUTCOME_NONE:
	case OUTCOME_PLAINTEXT:
	case OUTCOME_UNREACHABLE:
		break;
	}
	return false;
}

/* A time that varies on its own below this says nothing about the hello. */
#define SLOW_US 100000

static uint64_t extension_types(struct span block)
{
	struct cursor c = cursor_over(block);
	struct extension_item item;
	uint64_t out = FINGERPRINT_BEGIN;
	while (extension_next(&c, &item))
		out = fingerprint_number(out, item.type);
	return out;
}

uint64_t observation_class(const struct observation *seen)
{
	uint64_t us = seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
	const uint64_t parts[] = {
		seen->outcome,
		seen->layer,
		seen->alert_level,
		seen->alert,
		us > SLOW_US,
		seen->after_server_hello,
		seen->version_code,
		seen->suite,
		seen->violation,
		seen->group,
		extension_types(seen->server_extensions),
	};
	uint64_t out = FINGERPRINT_BEGIN;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		out = fingerprint_number(out, parts[i]);
	return out;
}
