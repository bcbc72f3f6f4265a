/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "probe/prover_internal.h"

/*
 * What the accepted handshakes showed besides version and suite: certificates, requests for one,
 * key sizes, extensions. Nothing here is asked for; where nothing showed, the cell stays unjudged
 * with the reason.
 */

static const char not_shown[] =
	"no accepted handshake showed its certificate in clear at this depth";

/* Answers stand in the order of their arrival, which is nobody's choice: what was planned first
 * speaks, so that two runs tell the same. */
static uint32_t planned_first(const struct prover *prover, uint32_t found, uint32_t i)
{
	const struct observation *answers = prover->answers.at;
	return found == NO_INDEX || answers[i].probe < answers[found].probe ? i : found;
}

/* The first accepted answer that carried certificates, or NO_INDEX. */
static uint32_t answer_with_certificates(const struct prover *prover)
{
	uint32_t found = NO_INDEX;
	for (uint32_t i = 0; i < prover->answers.len; i++) {
		const struct certificate_list *list = prover->answers.at[i].certificates;
		if (list && list->len)
			found = planned_first(prover, found, i);
	}
	return found;
}

static uint32_t answer_with_flight(const struct prover *prover)
{
	uint32_t found = NO_INDEX, requested = NO_INDEX;
	for (uint32_t i = 0; i < prover->answers.len; i++) {
		const struct observation *seen = &prover->answers.at[i];
		if (seen->certificate_requested)
			requested = planned_first(prover, requested, i);
		else if (seen->flight_complete)
			found = planned_first(prover, found, i);
	}
	return requested != NO_INDEX ? requested : found;
}

static void unjudged(struct finding *out, const char *reason)
{
	out->verdict = VERDICT_UNJUDGED;
	out->reason = reason;
}

static bool begin(struct prover *prover, struct finding *out, enum finding_kind kind,
		  const struct ruling *ruling, const char *group, const char *name)
{
	*out = (struct finding){ .kind = kind, .version = VERSION_NONE, .expected = *ruling };
	snprintf(out->id, sizeof(out->id), "%s/%s", group, name);
	judge_observe(prover, out, NO_INDEX, NO_INDEX);
	return plan_selects(prover, out->id);
}

/* A fact that was read from an answer settles a cell as an acceptance or a rejection would. */
static void settle(struct prover *prover, struct finding *out, uint32_t answer, bool holds,
		   const char *fact)
{
	judge_observe(prover, out, answer, NO_INDEX);
	out->proof = PROOF_SINGLE;
	out->holds = holds;
	struct judgement judgement = { .state = holds ? CELL_ACCEPTED : CELL_REJECTED,
				       .covered = true };
	judge_apply(prover, out, &judgement);
	if (out->verdict != VERDICT_UNJUDGED)
		out->reason = fact;
	else
		finding_remark(out, fact);
}

static bool judge_hostname(struct prover *prover, struct finding *out)
{
	struct ruling ruling =
		policy_subject(&prover->settings, TABLE_CERTIFICATE, VERSION_NONE, "host_name");
	const char *name = prover->options.verify_name;
	if (ruling.kind == RULING_SILENT && !name)
		return false;
	if (!begin(prover, out, FINDING_CERTIFICATE, &ruling, "certificate", "hostname"))
		return false;
	uint32_t answer = answer_with_certificates(prover);
	if (!name) {
		unjudged(out, "no name was given to verify (a host name as TARGET, or --sni)");
	} else if (answer == NO_INDEX) {
		unjudged(out, not_shown);
	} else {
		bool matches =
			x509_name_matches(prover->answers.at[answer].certificates->der[0], name);
		settle(prover, out, answer, matches,
		       arena_printf(prover->arena,
				    matches ? "the certificate is for '%s'"
					    : "the certificate is not for '%s' (RFC 9525 6)",
				    name));
	}
	return true;
}

static bool in_force(const struct prover *prover, const struct anchor *anchor)
{
	const struct settings *settings = &prover->settings;
	for (size_t i = 0; i < anchor->table->by_len; i++)
		if (anchor->by[i] != POLICY_ANY &&
		    anchor->by[i] != settings->value[anchor->table->by[i]])
			return false;
	return (anchor->from == DATE_NONE || settings->today >= anchor->from) &&
	       (anchor->until == DATE_NONE || settings->today <= anchor->until);
}

/* Whether the document speaks of this root at all, and whether it is the one of today. */
static bool names_root(const struct prover *prover, const char *root, bool *accepted)
{
	const struct policy *policy = prover->settings.policy;
	bool named = false;
	*accepted = false;
	for (size_t i = 0; i < policy->anchors_len; i++) {
		const struct anchor *anchor = &policy->anchors[i];
		if (strcmp(anchor->name, root) != 0)
			continue;
		named = true;
		*accepted =
			*accepted || (in_force(prover, anchor) && anchor->ruling != RULING_REJECT);
	}
	return named;
}

static void remark_leaf(struct prover *prover, struct finding *out, struct span der)
{
	struct certificate_facts leaf;
	char from[11], until[11];
	if (x509_facts(&leaf, prover->arena, der))
		return;
	date_print(from, leaf.not_before);
	date_print(until, leaf.not_after);
	finding_remark(out,
		       arena_printf(prover->arena, "leaf: %s %u bits, %s, from %s to %s",
				    leaf.key_type, leaf.key_bits, leaf.signature, from, until));
}

/* The chain must lead to a root of --ca; a root that the document names must be the one of today.
 */
static void settle_root(struct prover *prover, struct finding *out, uint32_t answer)
{
	const struct certificate_list *list = prover->answers.at[answer].certificates;
	const char *anchor = "";
	bool accepted;
	enum chain_result chain = x509_chain_verify(list->der, list->len, prover->options.trust,
						    prover->settings.today, prover->arena, &anchor);
	bool retired = chain == CHAIN_TRUSTED && names_root(prover, anchor, &accepted) && !accepted;
	const char *fact =
		arena_printf(prover->arena, "%s (RFC 5280 6.1.3)", chain_result_text(chain));
	if (chain == CHAIN_TRUSTED)
		fact = arena_printf(prover->arena, "the chain leads to '%s'%s", anchor,
				    retired ? ", which the document does not admit on this day"
					    : "");
	settle(prover, out, answer, chain == CHAIN_TRUSTED && !retired, fact);
	remark_leaf(prover, out, list->der[0]);
}

static bool judge_root(struct prover *prover, struct finding *out)
{
	const struct policy *policy = prover->settings.policy;
	if (!prover->options.trust && !policy->anchors_len)
		return false;
	struct ruling ruling = { .kind = RULING_ACCEPT };
	if (!begin(prover, out, FINDING_CERTIFICATE, &ruling, "certificate", "root"))
		return false;
	uint32_t answer = answer_with_certificates(prover);
	if (!prover->options.trust)
		unjudged(out, "roots are judged only with --ca");
	else if (answer == NO_INDEX)
		unjudged(out, not_shown);
	else
		settle_root(prover, out, answer);
	return true;
}

static bool judge_client_certificate(struct prover *prover, struct finding *out)
{
	struct ruling ruling = policy_subject(&prover->settings, TABLE_CERTIFICATE, VERSION_NONE,
					      "client_certificate");
	if (ruling.kind == RULING_SILENT)
		return false;
	if (!begin(prover, out, FINDING_CERTIFICATE, &ruling, "certificate", "client_certificate"))
		return false;
	uint32_t answer = answer_with_flight(prover);
	if (answer == NO_INDEX) {
		unjudged(out, "no accepted handshake showed its flight in clear at this depth");
		return true;
	}
	bool requested = prover->answers.at[answer].certificate_requested;
	settle(prover, out, answer, requested,
	       requested ? "a client certificate is requested"
			 : "no client certificate is requested");
	return true;
}

/* The value of a named limit as observed, smallest first for lower bounds; 0 when nothing showed
 * it. */
static uint32_t observed_limit(struct prover *prover, const struct limit *limit, uint32_t *answer)
{
	*answer = NO_INDEX;
	if (strcmp(limit->name, "dh_bits") == 0) {
		uint32_t least = 0;
		for (uint32_t i = 0; i < prover->answers.len; i++) {
			uint32_t bits = prover->answers.at[i].dh_bits;
			if (bits && (!least || bits < least)) {
				least = bits;
				*answer = i;
			}
		}
		return least;
	}
	uint32_t found = answer_with_certificates(prover);
	struct certificate_facts facts;
	if (found == NO_INDEX ||
	    x509_facts(&facts, prover->arena, prover->answers.at[found].certificates->der[0]))
		return 0;
	*answer = found;
	if (strcmp(limit->name, "certificate_days") == 0)
		return (uint32_t)(facts.not_after - facts.not_before);
	bool same_type = strncmp(limit->name, facts.key_type, strlen(facts.key_type)) == 0;
	return same_type ? facts.key_bits : 0;
}

static bool judge_limit(struct prover *prover, const struct limit *limit, struct finding *out)
{
	struct ruling ruling = { .kind = RULING_ACCEPT, .inferred = limit->inferred };
	if (!begin(prover, out, FINDING_LIMIT, &ruling, "limit", limit->name))
		return false;
	uint32_t answer, value = observed_limit(prover, limit, &answer);
	if (!value) {
		unjudged(out, "no accepted handshake showed it at this depth");
		return true;
	}
	bool holds = limit->at_least ? value >= limit->bound : value <= limit->bound;
	settle(prover, out, answer, holds,
	       arena_printf(prover->arena, "%s is %u, the policy asks for %s %u", limit->name,
			    value, limit->at_least ? "at least" : "at most", limit->bound));
	return true;
}

static bool judge_extra_bytes(struct prover *prover, struct finding *out)
{
	for (uint32_t i = 0; i < prover->answers.len; i++) {
		if (!prover->answers.at[i].extra_bytes)
			continue;
		struct ruling ruling = { .kind = RULING_REJECT };
		if (!begin(prover, out, FINDING_UPGRADE, &ruling, "upgrade", "extra_bytes"))
			return false;
		settle(prover, out, i, true,
		       "bytes in clear stand behind the answer to the SSLRequest (CVE-2021-23222)");
		return true;
	}
	return false;
}

/* pg_stat_ssl of the session must name what was negotiated, unless a gateway ends TLS before it. */
static bool judge_session(struct prover *prover, struct finding *out)
{
	struct ruling ruling = { .kind = RULING_ACCEPT };
	uint32_t logged_in = NO_INDEX, disagrees = NO_INDEX;
	for (uint32_t i = 0; i < prover->answers.len; i++) {
		const struct observation *seen = &prover->answers.at[i];
		if (seen->session && strcmp(seen->session, "logged in") == 0)
			logged_in = i;
		if (seen->disagreement)
			disagrees = i;
	}
	if (logged_in == NO_INDEX ||
	    !begin(prover, out, FINDING_UPGRADE, &ruling, "session", "pg_stat_ssl"))
		return false;
	uint32_t answer = disagrees == NO_INDEX ? logged_in : disagrees;
	if (prover->options.gateway) {
		judge_observe(prover, out, answer, NO_INDEX);
		unjudged(out, "a gateway ends TLS before the server");
		return true;
	}
	settle(prover, out, answer, disagrees == NO_INDEX,
	       disagrees == NO_INDEX ? "the server names the version and the suite negotiated"
				     : prover->answers.at[disagrees].disagreement);
	return true;
}

/* Tables whose cells no probe of this release asks about: named, so that nobody takes silence for a
 * pass. */
static bool judge_unasked(struct prover *prover, const struct rule *rule, struct finding *out)
{
	static const enum finding_kind kinds[TABLES_LEN] = {
		[TABLE_GROUP] = FINDING_GROUP,
		[TABLE_SIGNATURE_SCHEME] = FINDING_GROUP,
		[TABLE_COMPRESSION] = FINDING_EXTENSION,
		[TABLE_EXTENSION] = FINDING_EXTENSION,
	};
	enum table_kind kind = rule->table->kind;
	if (kind != TABLE_GROUP && kind != TABLE_SIGNATURE_SCHEME && kind != TABLE_COMPRESSION &&
	    kind != TABLE_EXTENSION)
		return false;
	struct ruling ruling = policy_subject(&prover->settings, kind, VERSION_NONE, rule->subject);
	if (ruling.rule != rule ||
	    !begin(prover, out, kinds[kind], &ruling, table_kind_name(kind), rule->subject))
		return false;
	unjudged(out, "this release does not ask about it");
	return true;
}

size_t judge_rest(struct prover *prover, struct finding *out, size_t room)
{
	const struct policy *policy = prover->settings.policy;
	size_t len = 0;
	len += judge_hostname(prover, &out[len]);
	len += judge_root(prover, &out[len]);
	len += judge_client_certificate(prover, &out[len]);
	len += judge_extra_bytes(prover, &out[len]);
	len += judge_session(prover, &out[len]);
	for (size_t i = 0; i < policy->limits_len && len < room; i++)
		len += judge_limit(prover, &policy->limits[i], &out[len]);
	for (size_t i = 0; i < policy->rules_len && len < room; i++)
		len += judge_unasked(prover, policy->rules[i], &out[len]);
	return len;
}
