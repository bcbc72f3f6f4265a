/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include <jansson.h>

#include "base/text.h"
#include "cli/selftest.h"

static size_t count(const struct selftest *test, bool defects, bool good)
{
	size_t out = 0;
	for (size_t i = 0; i < test->items_len; i++) {
		const struct selftest_item *item = &test->items[i];
		out += item->asked && (item->defect != NULL) == defects && item->good == good;
	}
	return out;
}

/* --- text --- */

static const char *word_of(const struct selftest_item *item)
{
	if (!item->asked)
		return "unasked";
	if (item->defect)
		return item->good ? "caught" : "MISSED";
	return item->good ? "intact" : "FAILED";
}

static void catch_print(struct text *out, const struct selftest_catch *at)
{
	text_printf(out, "        %s: %s\n", at->id, at->reason);
}

static void item_print(struct text *out, const struct selftest_item *item, bool verbose)
{
	text_printf(out, "%s  ", word_of(item));
	if (!item->defect)
		text_printf(out, "the intact endpoint under %s %s", item->policy, item->settings);
	else
		text_printf(out, "%s", item->defect->name);
	if (item->defect && item->good)
		text_printf(out, " by %s%s", item->catches[0].id, item->named > 1 ? " ..." : "");
	if (item->asked && !item->good && item->defect)
		text_printf(out, ": %s; of %zu deviations none names %s", item->defect->sentence,
			    item->others, item->defect->rule);
	if (item->asked && !item->good && !item->defect)
		text_printf(out, ": %zu findings", item->others);
	text_append(out, span_text("\n"));
	for (size_t i = 0; i < item->catches_len && (verbose || !item->good); i++)
		catch_print(out, &item->catches[i]);
}

static void text_make(struct text *out, const struct selftest *test)
{
	const struct check_options *options = test->options;
	for (size_t i = 0; i < test->items_len; i++)
		if (!options->quiet || !test->items[i].good)
			item_print(out, &test->items[i], options->verbose);
	size_t missed = count(test, true, false), failed = count(test, false, false);
	bool good = !missed && !failed && !test->interrupted;
	text_printf(out, "%s: %zu of %zu defects are caught", good ? "PASS" : "FAIL",
		    count(test, true, true), count(test, true, true) + missed);
	text_printf(out, failed ? ", and the intact endpoint has findings%s\n" : "%s\n",
		    test->interrupted ? ", interrupted" : "");
}

/* --- JSON --- */

static json_t *catches_json(const struct selftest_item *item)
{
	json_t *list = json_array();
	for (size_t i = 0; i < item->catches_len; i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s}", "id", item->catches[i].id,
						"verdict", verdict_name(item->catches[i].verdict),
						"reason", item->catches[i].reason));
	return list;
}

static json_t *item_json(const struct selftest_item *item)
{
	json_t *object = json_pack("{s:s, s:s, s:b, s:I, s:o}", "policy", item->policy, "settings",
				   item->settings, "asked", item->asked, "duration_ms",
				   (json_int_t)item->duration_ms, "findings", catches_json(item));
	json_t *by = json_array();
	for (size_t i = 0; item->good && i < item->catches_len; i++)
		json_array_append_new(by, json_string(item->catches[i].id));
	if (item->defect)
		json_object_update_new(object, json_pack("{s:s, s:s, s:b, s:o, s:I, s:I}", "name",
							 item->defect->name, "rule",
							 item->defect->rule, "caught", item->good,
							 "by", by, "named", (json_int_t)item->named,
							 "others", (json_int_t)item->others));
	else
		json_decref(by);
	return object;
}

static json_t *items_json(const struct selftest *test, bool defects)
{
	json_t *list = json_array();
	for (size_t i = 0; i < test->items_len; i++)
		if ((test->items[i].defect != NULL) == defects)
			json_array_append_new(list, item_json(&test->items[i]));
	return list;
}

static void json_make(struct text *out, const struct selftest *test)
{
	json_t *document = json_pack(
		"{s:s, s:{s:s, s:s}, s:b, s:{s:I, s:I, s:I}, s:o, s:o}", "schema",
		"tlsgauge.self-test/1", "tool", "name", "tlsgauge", "version", TLSGAUGE_VERSION,
		"interrupted", test->interrupted, "summary", "caught",
		(json_int_t)count(test, true, true), "missed", (json_int_t)count(test, true, false),
		"intact_failed", (json_int_t)count(test, false, false), "intact",
		items_json(test, false), "defects", items_json(test, true));
	char *dump = json_dumps(document, JSON_INDENT(1));
	if (dump)
		text_printf(out, "%s\n", dump);
	else
		out->fault = FAULT_NO_MEMORY;
	free(dump);
	json_decref(document);
}

static enum fault make(struct text *out, const struct output *output, const void *context)
{
	const struct selftest *test = context;
	if (output->format == &report_json)
		json_make(out, test);
	else
		text_make(out, test);
	return out->fault;
}

int selftest_tell(const struct selftest *test, struct outputs *outputs)
{
	return outputs_write_made(outputs, test->options, make, test);
}
