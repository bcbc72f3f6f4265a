/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hex.h"
#include "cli/fuzz.h"
#include "cli/output.h"

#define HEX_SHOWN 160

/* What a finding comes to: a failure, a remark where the rule is only inferred, and nothing certain
 * where it was not seen again. */
enum weight { WEIGHT_UNCERTAIN, WEIGHT_REMARK, WEIGHT_FAIL };

static enum weight weight_of(const struct fuzz_find *find)
{
	if (!find->confirmed)
		return WEIGHT_UNCERTAIN;
	return find->anomaly.inferred ? WEIGHT_REMARK : WEIGHT_FAIL;
}

static const char *weight_word(enum weight weight)
{
	static const char *const words[] = { "inconclusive", "remark", "fail" };
	return words[weight];
}

static size_t count(const struct fuzz *fuzz, enum weight weight)
{
	size_t n = 0;
	for (size_t i = 0; i < fuzz->finds_len; i++)
		n += weight_of(&fuzz->finds[i]) == weight;
	return n;
}

static int exit_status(const struct fuzz *fuzz)
{
	if (count(fuzz, WEIGHT_FAIL))
		return STATUS_FAIL;
	return fuzz->lost || fuzz->interrupted || count(fuzz, WEIGHT_UNCERTAIN)
		       ? STATUS_INCONCLUSIVE
		       : STATUS_PASS;
}

static void put_rule(struct text *out, const struct anomaly *anomaly)
{
	const struct form_rule_info *rule = form_rule_info(anomaly->rule);
	const struct rule *row = anomaly->ruling.rule;
	const struct preference *order = anomaly->preference;
	if (order)
		text_printf(out, "  order    %s:%u: prefer %s\n", order->at.file, order->at.line,
			    order->server ? "server" : "client");
	if (anomaly->rule != FORM_SOUND)
		text_printf(out, "  rule     %s: %s%s\n", rule->cite, rule->text,
			    anomaly->inferred ? " (inferred)" : "");
	else if (row)
		text_printf(out, "  row      %s:%u: %s\n", row->at.file, row->at.line, row->row);
}

static void put_beginning(struct text *out, struct span bytes)
{
	bool cut = bytes.len > HEX_SHOWN;
	text_put_hex(out, span_of(bytes.at, cut ? HEX_SHOWN : bytes.len));
	text_put(out, cut ? "..." : "");
}

static void put_index(struct text *out, const struct fuzz *fuzz, const struct probe_index *index)
{
	text_printf(out, "%" PRIu64 ":", fuzz->generator.seed);
	probe_index_put(out, index);
}

static void put_find(struct text *out, const struct fuzz *fuzz, const struct fuzz_find *find)
{
	text_printf(out, "%-12s %s\n", weight_word(weight_of(find)), find->anomaly.key);
	text_printf(out, "  what     %s\n", anomaly_text(find->anomaly.kind));
	put_rule(out, &find->anomaly);
	if (find->cause && *find->cause)
		text_printf(out, "  cause    %s\n", find->cause);
	if (find->detail)
		text_printf(out, "  answer   %s\n", find->detail);
	if (!find->bytes.len) {
		text_put(out, "\n");
		return;
	}
	text_printf(out, "  probes   %" PRIu64, find->probes);
	if (find->has_index) {
		text_put(out, ", the first is --replay ");
		put_index(out, fuzz, &find->index);
	}
	text_printf(out, "\n  bytes    %zu%s: ", find->bytes.len,
		    find->minimal ? ", nothing of which can be left out" : "");
	put_beginning(out, find->bytes);
	text_put(out, "\n\n");
}

static double per_second(const struct fuzz *fuzz)
{
	double s = (double)fuzz->counts.stream_us / 1e6;
	return s > 0 ? (double)fuzz->counts.probes / s : 0;
}

static void put_head(struct text *out, const struct fuzz *fuzz)
{
	char target[TARGET_MAX];
	const struct fuzz_counts *n = &fuzz->counts;
	target_print(target, &fuzz->target);
	text_printf(out, "%s, %s, seed %" PRIu64 "\n", target, fuzz->policy.name,
		    fuzz->generator.seed);
	text_printf(out,
		    "sent       %" PRIu64 " probes, %" PRIu64 " bytes, in %.1f s: %.0f a second\n",
		    n->probes, n->bytes, (double)n->stream_us / 1e6, per_second(fuzz));
	text_put(out, "           ");
	for (enum reading_kind k = READING_HELLO; k <= READING_UNDECIDED; k++)
		text_printf(out, "%s%" PRIu64 " %s", k ? ", " : "", n->readings[k],
			    reading_kind_name(k));
	text_printf(out, "\nbeside     %" PRIu64 " canaries, %" PRIu64 " questions asked again\n",
		    n->canaries, n->asked_again);
	text_put(out, "answered   ");
	bool first = true;
	for (enum outcome o = OUTCOME_SERVER_HELLO; o <= OUTCOME_UNREACHABLE; o++) {
		if (!n->outcomes[o])
			continue;
		text_printf(out, "%s%" PRIu64 " %s", first ? "" : ", ", n->outcomes[o],
			    outcome_name(o));
		first = false;
	}
	text_printf(out, "%s\nclasses    %zu\n", first ? "nothing" : "", fuzz->novelty.classes_len);
	if (n->refused_behind)
		text_printf(out,
			    "refused    %" PRIu64 " behind a ServerHello that the policy rejects\n",
			    n->refused_behind);
	if (n->outages)
		text_printf(out, "outages    %u, started again %u times\n", n->outages,
			    n->restarts);
}

static void put_last(struct text *out, const struct fuzz *fuzz)
{
	text_printf(out, "%zu findings: %zu fail, %zu remark, %zu inconclusive%s\n",
		    fuzz->finds_len, count(fuzz, WEIGHT_FAIL), count(fuzz, WEIGHT_REMARK),
		    count(fuzz, WEIGHT_UNCERTAIN), fuzz->interrupted ? "; interrupted" : "");
}

static void text_make(struct text *out, const struct fuzz *fuzz)
{
	if (!fuzz->options->base.quiet) {
		put_head(out, fuzz);
		text_put(out, "\n");
	}
	for (enum weight w = WEIGHT_FAIL + 1; w-- > WEIGHT_UNCERTAIN;)
		for (size_t i = 0; i < fuzz->finds_len; i++)
			if (weight_of(&fuzz->finds[i]) == w)
				put_find(out, fuzz, &fuzz->finds[i]);
	for (size_t i = 0; i < fuzz->notes_len; i++)
		text_printf(out, "note: %s\n", fuzz->notes[i]);
	put_last(out, fuzz);
}

static json_t *hex_json(struct span bytes)
{
	struct text text;
	text_init(&text);
	text_put_hex(&text, bytes);
	json_t *out = json_string(text_view(&text));
	text_release(&text);
	return out;
}

static json_t *find_json(const struct fuzz *fuzz, const struct fuzz_find *find)
{
	struct text index;
	const struct rule *row = find->anomaly.ruling.rule;
	const struct preference *order = find->anomaly.preference;
	text_init(&index);
	if (find->has_index)
		put_index(&index, fuzz, &find->index);
	json_t *out = json_pack("{s:s, s:s, s:s, s:s*, s:b, s:b, s:I, s:o, s:o}", "key",
				find->anomaly.key, "verdict", weight_word(weight_of(find)), "what",
				anomaly_text(find->anomaly.kind), "replay",
				find->has_index ? text_view(&index) : NULL, "inferred",
				find->anomaly.inferred, "minimal", find->minimal, "probes",
				(json_int_t)find->probes, "bytes", hex_json(find->bytes), "first",
				hex_json(find->first));
	text_release(&index);
	if (find->cause)
		json_object_set_new(out, "cause", json_string(find->cause));
	if (find->detail)
		json_object_set_new(out, "answer", json_string(find->detail));
	if (order)
		json_object_set_new(out, "order",
				    json_pack("{s:s, s:i, s:s}", "file", order->at.file, "line",
					      (int)order->at.line, "prefer",
					      order->server ? "server" : "client"));
	if (find->anomaly.rule != FORM_SOUND)
		json_object_set_new(out, "cite",
				    json_string(form_rule_info(find->anomaly.rule)->cite));
	else if (row)
		json_object_set_new(out, "row",
				    json_pack("{s:s, s:i, s:s}", "file", row->at.file, "line",
					      (int)row->at.line, "text", row->row));
	return out;
}

static json_t *counts_json(const struct fuzz *fuzz)
{
	const struct fuzz_counts *n = &fuzz->counts;
	json_t *readings = json_object(), *outcomes = json_object();
	for (enum reading_kind k = READING_HELLO; k <= READING_UNDECIDED; k++)
		json_object_set_new(readings, reading_kind_name(k),
				    json_integer((json_int_t)n->readings[k]));
	for (enum outcome o = OUTCOME_SERVER_HELLO; o <= OUTCOME_UNREACHABLE; o++)
		json_object_set_new(outcomes, outcome_name(o),
				    json_integer((json_int_t)n->outcomes[o]));
	return json_pack("{s:I, s:I, s:I, s:I, s:f, s:f, s:I, s:I, s:I, s:I, s:o, s:o}", "probes",
			 (json_int_t)n->probes, "bytes", (json_int_t)n->bytes, "canaries",
			 (json_int_t)n->canaries, "asked_again", (json_int_t)n->asked_again,
			 "seconds", (double)n->stream_us / 1e6, "probes_per_second",
			 per_second(fuzz), "classes", (json_int_t)fuzz->novelty.classes_len,
			 "refused_behind", (json_int_t)n->refused_behind, "outages",
			 (json_int_t)n->outages, "restarts", (json_int_t)n->restarts, "readings",
			 readings, "answers", outcomes);
}

static void json_make(struct text *out, const struct fuzz *fuzz)
{
	char target[TARGET_MAX];
	json_t *finds = json_array(), *notes = json_array();
	target_print(target, &fuzz->target);
	for (size_t i = 0; i < fuzz->finds_len; i++)
		json_array_append_new(finds, find_json(fuzz, &fuzz->finds[i]));
	for (size_t i = 0; i < fuzz->notes_len; i++)
		json_array_append_new(notes, json_string(fuzz->notes[i]));
	json_t *document = json_pack(
		"{s:s, s:{s:s, s:s}, s:{s:s, s:s, s:I}, s:b, s:i, s:o, s:o, s:o}", "schema",
		"tlsgauge.fuzz/1", "tool", "name", "tlsgauge", "version", TLSGAUGE_VERSION, "run",
		"target", target, "policy", fuzz->policy.name, "seed",
		(json_int_t)fuzz->generator.seed, "interrupted", fuzz->interrupted, "exit_status",
		exit_status(fuzz), "counts", counts_json(fuzz), "findings", finds, "notes", notes);
	char *dump = document ? json_dumps(document, JSON_INDENT(1)) : NULL;
	if (dump)
		text_join(out, dump, "\n");
	else
		out->fault = FAULT_NO_MEMORY;
	free(dump);
	json_decref(document);
}

static enum fault make(struct text *out, const struct output *output, const void *context)
{
	if (output->format == &report_json)
		json_make(out, context);
	else
		text_make(out, context);
	return out->fault;
}

static void note_concurrency(struct fuzz *fuzz)
{
	if (!fuzz->concurrency)
		return;
	fuzz_note(fuzz, arena_printf(&fuzz->arena,
				     "%u connections at a time: with more, the endpoint let some "
				     "wait longer than the deadline",
				     fuzz->concurrency));
}

int fuzz_report(struct fuzz *fuzz, struct outputs *outputs)
{
	note_concurrency(fuzz);
	int status = outputs_write_made(outputs, &fuzz->options->base, make, fuzz);
	return status == STATUS_PASS ? exit_status(fuzz) : status;
}
