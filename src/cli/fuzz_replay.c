/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/fuzz.h"

static const char *demand_word(enum demand_kind kind)
{
	static const char *const words[] = { "an answer", "acceptance", "a rejection",
					     "nothing certain" };
	return words[kind];
}

static void put_hex(struct text *out, const char *head, struct span bytes)
{
	text_printf(out, "%s  %zu bytes ", head, bytes.len);
	text_put_hex(out, bytes);
	text_put(out, "\n");
}

static void put_demand(struct text *out, const struct demand *demand)
{
	const struct form_rule_info *rule = form_rule_info(demand->rule);
	const struct rule *row = demand->ruling.rule;
	text_printf(out, "due       %s%s", demand_word(demand->kind),
		    demand->inferred ? ", inferred" : "");
	if (demand->rule != FORM_SOUND)
		text_printf(out, " (%s: %s)", rule->cite, rule->text);
	else if (row)
		text_printf(out, " (%s:%u: %s)", row->at.file, row->at.line, row->row);
	text_put(out, "\n");
}

static void put_probe(struct text *out, const struct fuzz_probe *probe)
{
	char phrase[SERVER_MESSAGE_MAX + 256];
	put_hex(out, "sent    ", probe->bytes);
	if (probe->cut)
		text_printf(out, "cut       behind byte %zu\n", probe->cut);
	text_printf(out, "is        %s\n", reading_kind_name(probe->reading.kind));
	put_demand(out, &probe->demand);
	observation_describe(phrase, sizeof(phrase), &probe->seen);
	text_printf(out, "answer    %s\n", phrase);
	put_hex(out, "received", probe->received);
}

int fuzz_replay(struct fuzz *fuzz)
{
	uint8_t bytes[GENERATED_MAX];
	struct anomaly anomaly;
	struct text text;
	struct fuzz_probe probe = fuzz_make(fuzz, &fuzz->options->replay, bytes);
	fuzz_read(fuzz, &probe, &fuzz->scratch);
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, &probe, 1);
	if (fault != FAULT_NONE)
		return complain_fault(fuzz->options->base.who, fault);
	bool found =
		oracle_judge(&anomaly, &fuzz->oracle, &probe.reading, &probe.demand, &probe.seen);
	text_init(&text);
	put_probe(&text, &probe);
	text_printf(&text, "finding   %s\n", found ? anomaly.key : "none");
	fputs(text_view(&text), stdout);
	text_release(&text);
	if (found && !anomaly.inferred)
		return STATUS_FAIL;
	return observation_is_answer(&probe.seen) || probe.seen.outcome == OUTCOME_TIMEOUT
		       ? STATUS_PASS
		       : STATUS_INCONCLUSIVE;
}
