/* SPDX-License-Identifier: Apache-2.0 */
#include "live/oracle.h"

#include <stdio.h>

#include "base/fingerprint.h"
#include "live/answer.h"
#include "live/due.h"
#include "live/order.h"
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

/* Whom a rule binds: it is RFC 8446's or, of what may stand behind a hello, RFC 5246's. */
static enum version since(enum form_rule rule)
{
	switch (rule) {
	case FORM_COMPRESSION_13:
	case FORM_PSK_LAST:
	case FORM_ALERT_INTERLEAVED:
		return TLS1_3;
	case FORM_HELLO_TAIL:
	case FORM_EXTENSIONS:
		return TLS1_2;
	default:
		return SSLV3;
	}
}

static bool speaks(const struct oracle *oracle, enum version version)
{
	enum version best = version_set_highest(oracle->taken);
	return best != VERSION_NONE && best >= version;
}

static void demand_by_form(struct demand *out, const struct oracle *oracle, enum form_rule rule,
			   const char *detail)
{
	bool bound = speaks(oracle, since(rule));
	/* To who does not know TLS 1.3 there is nothing wrong with these. */
	if (!bound && (rule == FORM_COMPRESSION_13 || rule == FORM_PSK_LAST))
		return;
	out->kind = DEMAND_REJECT;
	out->rule = rule;
	out->detail = detail;
	out->inferred = form_rule_info(rule)->level == FORM_INFERRED || !bound;
}

/* RFC 7507 3: it is needless when the endpoint takes something higher. */
static bool is_below(const struct oracle *oracle, version_set versions)
{
	enum version highest = version_set_highest(versions);
	enum version best = version_set_highest(oracle->taken);
	return best != VERSION_NONE && highest != VERSION_NONE && highest < best;
}

/* Whoever speaks TLS 1.3 goes by supported_versions; whoever is older may, or by client_version:
 * what falls back by one of the two may be refused, and by both it must. */
static bool falls_back(struct demand *out, const struct oracle *oracle,
		       const struct hello_offer *offer)
{
	bool listed = is_below(oracle, offer->offer.versions);
	bool old = is_below(oracle, offer->old_versions);
	bool by_list = speaks(oracle, TLS1_3);
	out->may_fall_back = offer->fallback_scsv && (listed || (old && !by_list));
	return offer->fallback_scsv && listed && (old || by_list);
}

/* Acceptance is owed only where a control was taken, and to a hello that is like it. */
static void demand_acceptance(struct demand *out, const struct oracle *oracle,
			      const struct reading *reading, const struct hello_offer *offer)
{
	enum version version = out->highest;
	out->kind = DEMAND_ANSWER;
	if (version == VERSION_NONE || !(oracle->taken & VERSION_BIT(version)))
		return;
	/* A server from before supported_versions may know them: it owes what both ways allow. */
	struct offer old = offer->offer;
	old.versions = offer->old_versions;
	if (offer->listed && !speaks(oracle, TLS1_3) &&
	    (policy_hello(oracle->settings, &old).kind != RULING_ACCEPT ||
	     !(oracle->taken & VERSION_BIT(version_set_highest(old.versions)))))
		return;
	const struct client_hello *control = &oracle->controls[version].hello;
	enum usualness usual = hello_usual(&reading->hello, control, version, oracle->alpn);
	if (usual == HELLO_STRANGE)
		return;
	/* RFC 5246 E.1 speaks of {03,XX}; of any at all only RFC 8446 5.1 does. */
	out->kind = DEMAND_ACCEPT;
	out->inferred = out->ruling.inferred || usual == HELLO_LIKELY || reading->warnings > 0 ||
			(reading->odd_record && version < TLS1_3);
}

/* RFC 5246 7.4.1.2: a suite that is not recognized is ignored; one that nobody has assigned is, as
 * long as there are others. */
static void drop_unassigned(struct offer *offer, uint16_t *suites)
{
	size_t len = 0;
	for (size_t i = 0; i < offer->suites_len; i++)
		if (cipher_suite_by_code(suites[i]))
			suites[len++] = suites[i];
	if (len)
		offer->suites_len = len;
}

static void note_versions(struct demand *out, const struct oracle *oracle,
			  const struct hello_offer *offer)
{
	version_set both = offer->offer.versions & offer->old_versions;
	version_set either = offer->offer.versions | offer->old_versions;
	out->version_fits = both & oracle->taken;
	out->version_unfit = !(either & oracle->taken);
}

static void demand_of_hello(struct demand *out, const struct oracle *oracle,
			    const struct reading *reading, uint16_t *scratch)
{
	struct hello_offer offer;
	offer_of(&offer, &reading->hello, scratch);
	drop_unassigned(&offer.offer, scratch);
	out->highest = version_set_highest(offer.offer.versions);
	note_versions(out, oracle, &offer);
	if (falls_back(out, oracle, &offer)) {
		demand_by_form(out, oracle, FORM_FALLBACK, NULL);
		out->policy_rejects =
			oracle->strict &&
			policy_hello(oracle->settings, &offer.offer).kind != RULING_ACCEPT;
		return;
	}
	out->ruling = policy_hello(oracle->settings, &offer.offer);
	if (out->ruling.kind == RULING_ACCEPT && !out->may_fall_back) {
		demand_acceptance(out, oracle, reading, &offer);
	} else if (out->ruling.kind == RULING_REJECT) {
		out->kind = DEMAND_REJECT;
		out->inferred = out->ruling.inferred;
	} else {
		out->kind = DEMAND_ANSWER;
	}
}

/* What is broken may be something that the policy would reject as well. */
static void demand_of_broken(struct demand *out, const struct oracle *oracle,
			     const struct reading *reading, uint16_t *scratch)
{
	struct hello_offer offer;
	demand_by_form(out, oracle, reading->rule, reading->detail);
	/* Only the strict gate asks, and it costs more than all else about a broken hello. */
	if (!reading->decoded || !oracle->strict)
		return;
	offer_of(&offer, &reading->hello, scratch);
	drop_unassigned(&offer.offer, scratch);
	enum version version = version_set_highest(offer.offer.versions);
	out->policy_rejects = version == VERSION_NONE || !(oracle->taken & VERSION_BIT(version)) ||
			      policy_hello(oracle->settings, &offer.offer).kind != RULING_ACCEPT ||
			      hello_usual(&reading->hello, &oracle->controls[version].hello,
					  version, oracle->alpn) == HELLO_STRANGE;
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
		demand_of_broken(out, oracle, reading, scratch);
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

/* Whoever does not know supported_versions answers with what client_version allows. */
static bool is_by_client_version(const struct oracle *oracle, const struct reading *reading,
				 const struct observation *seen)
{
	return seen->violation == VIOLATION_VERSION_NOT_OFFERED && !speaks(oracle, TLS1_3) &&
	       seen->version >= SSLV3 && seen->version < TLS1_3 &&
	       version_code(seen->version) <= reading->hello.legacy_version;
}

/* A rule of the version that is not the one agreed on: RFC 8446 4.1.2 says so of compression, and
 * renegotiation (RFC 5746) ends with TLS 1.2. */
static bool is_of_another_version(enum form_rule rule, enum version version)
{
	if (rule == FORM_RENEGOTIATION)
		return version == TLS1_3;
	return since(rule) == TLS1_3 && version < TLS1_3;
}

/* What is agreed on is as it should be: whether the ServerHello around it is. */
static bool judge_manner(struct anomaly *out, const struct oracle *oracle,
			 const struct reading *reading, const struct observation *seen)
{
	struct answer_flaw flaw;
	if (!answer_judge(&flaw, oracle, reading, seen))
		return false;
	out->rule = flaw.rule;
	return report(out, flaw.kind, form_rule_info(flaw.rule)->level == FORM_INFERRED,
		      flaw.subject);
}

static bool judge_order(struct anomaly *out, const struct oracle *oracle,
			const struct reading *reading, const struct demand *demand,
			const struct observation *seen)
{
	struct order_flaw flaw;
	char subject[32];
	if (!order_judge(&flaw, oracle, reading, demand, seen))
		return false;
	out->preference = flaw.preference;
	out->due_suite = flaw.better;
	out->ruling = flaw.ruling;
	snprintf(subject, sizeof(subject), "%s/%s", version_name(seen->version),
		 flaw.preference->server ? "server" : "client");
	return report(out, ANOMALY_PREFERENCE, demand->inferred || flaw.ruling.inferred, subject);
}

static bool judge_answer(struct anomaly *out, const struct oracle *oracle,
			 const struct reading *reading, const struct demand *demand,
			 const struct observation *seen)
{
	char subject[ANOMALY_KEY_MAX - 16];
	out->version = seen->version;
	/* First: what is wrong with an answer to a broken hello depends on how that is read. */
	if (demand->rule != FORM_SOUND) {
		bool other = is_of_another_version(demand->rule, seen->version);
		rule_name(subject, sizeof(subject), demand);
		out->rule = demand->rule;
		return report(out, ANOMALY_BROKEN, demand->inferred || other, subject);
	}
	bool older = is_by_client_version(oracle, reading, seen);
	if (seen->violation != VIOLATION_NONE && !older)
		return report(out, ANOMALY_VIOLATION, demand->kind == DEMAND_NOTHING,
			      violation_name(seen->violation));
	if (seen->version == VERSION_NONE || (seen->version == SSLV2 && !seen->kinds.len))
		return false;
	out->ruling = ruling_of_answer(oracle, seen);
	if (out->ruling.kind != RULING_REJECT) {
		out->ruling = (struct ruling){ .rule = NULL };
		if (older)
			return report(out, ANOMALY_VIOLATION, true,
				      violation_name(seen->violation));
		return judge_manner(out, oracle, reading, seen) ||
		       judge_order(out, oracle, reading, demand, seen);
	}
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

static bool judge_rejection(struct anomaly *out, const struct oracle *oracle,
			    const struct reading *reading, const struct demand *demand,
			    const struct observation *seen)
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
	if (oracle->strict && seen->alerts_twice)
		return report(out, ANOMALY_ALERT, true, "two");
	if (!oracle->strict || demand->kind != DEMAND_REJECT || alert_is_due(reading, demand, seen))
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

void text_slug(char *out, size_t out_len, const char *text)
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
	*out = (struct anomaly){ .kind = ANOMALY_NONE, .version = VERSION_NONE };
	if (seen->overload || seen->layer == LAYER_PLAINTEXT)
		return false;
	switch (seen->outcome) {
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		return judge_answer(out, oracle, reading, demand, seen);
	case OUTCOME_ALERT:
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_REFUSED:
		return judge_rejection(out, oracle, reading, demand, seen);
	case OUTCOME_TIMEOUT:
		return judge_silence(out, reading, demand);
	case OUTCOME_GARBAGE:
		if (seen->violation != VIOLATION_NONE)
			return report(out, ANOMALY_VIOLATION, false,
				      violation_name(seen->violation));
		text_slug(what, sizeof(what), seen->message ? seen->message : "unknown");
		return report(out, ANOMALY_GARBAGE, false, what);
	case OUTCOME_NONE:
	case OUTCOME_PLAINTEXT:
	case OUTCOME_UNREACHABLE:
		break;
	}
	return false;
}

/* A time that varies on its own below this says nothing about the hello. */
#define SLOW_US	    100000

/* Records in which an answer came: one, some, or more than any answer needs. */
#define RECORDS_MAX 4

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
		seen->records < RECORDS_MAX ? seen->records : RECORDS_MAX,
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
