/* SPDX-License-Identifier: Apache-2.0 */
#include "report/compare.h"
#include "report/json_internal.h"
#include "report/text_internal.h"
#include "report/told.h"

#define LISTED_MAX 200

static const struct finding *subject(const struct difference *item)
{
	return item->after ? item->after : item->before;
}

static const struct report *report_of(const struct report_comparison *comparison,
				      const struct difference *item)
{
	return item->after ? comparison->after : comparison->before;
}

/* "pass: rejected ..." of one side, or "-". */
static void put_side(struct text *out, const struct finding *finding)
{
	struct text phrase;
	if (!finding) {
		text_put(out, "not asked");
		return;
	}
	text_init(&phrase);
	describe_full(&phrase, finding);
	text_printf(out, "%s, ", verdict_name(finding->verdict));
	text_quote(out, span_text(text_view(&phrase)));
	text_release(&phrase);
}

static void put_item(struct text *out, const struct report_comparison *comparison,
		     const struct difference *item)
{
	const struct report *report = report_of(comparison, item);
	struct text line;
	text_init(&line);
	text_printf(out, "  %s", subject(item)->id);
	if (report->runs_len > 1) {
		run_title(&line, report, item->run);
		text_put(out, "  (");
		text_quote(out, span_text(text_view(&line)));
		text_put(out, ")");
	}
	text_put(out, "\n");
	text_release(&line);
	if (item->change == CHANGE_ADDED || item->change == CHANGE_GONE)
		return;
	text_put(out, "      was  ");
	put_side(out, item->before);
	text_put(out, "\n      now  ");
	put_side(out, item->after);
	text_put(out, "\n");
	if (item->change != CHANGE_NEW)
		return;
	finding_demand(&line, item->after);
	text_put(out, "      rule ");
	text_quote(out, span_text(text_view(&line)));
	text_put(out, "\n");
	text_release(&line);
}

/* What is only asked now, or not any more, is counted; a list would be as long as the reports. */
static void put_change(struct text *out, const struct report_comparison *comparison,
		       enum change change)
{
	size_t shown = 0, count = comparison->counts[change];
	if (!count)
		return;
	text_printf(out, "%s: %zu\n", change_text(change), count);
	if (change == CHANGE_ADDED || change == CHANGE_GONE)
		return;
	for (size_t i = 0; i < comparison->len && shown < LISTED_MAX; i++) {
		if (comparison->items[i].change != change)
			continue;
		put_item(out, comparison, &comparison->items[i]);
		shown++;
	}
	if (count > shown)
		text_printf(out, "  ... and %zu more\n", count - shown);
}

enum fault comparison_text(struct text *out, const struct report_comparison *comparison)
{
	for (enum change change = 0; change < CHANGES_LEN; change++)
		put_change(out, comparison, change);
	if (!comparison->len)
		text_put(out, "nothing differs\n");
	if (comparison->unmatched)
		text_printf(out, "%zu run%s in only one of the reports\n", comparison->unmatched,
			    comparison->unmatched == 1 ? " is" : "s are");
	return out->fault;
}

static void put_verdict(struct object *object, const char *key, const struct finding *finding)
{
	struct text phrase;
	if (!finding)
		return;
	text_init(&phrase);
	put_side(&phrase, finding);
	object_text(object, key, text_view(&phrase));
	text_release(&phrase);
}

static struct object item_object(const struct difference *item)
{
	struct object object = object_make();
	object_text(&object, "id", subject(item)->id);
	object_int(&object, "run", item->run);
	object_text(&object, "change", change_name(item->change));
	put_verdict(&object, "before", item->before);
	put_verdict(&object, "after", item->after);
	return object;
}

static struct object counts_object(const struct report_comparison *comparison)
{
	struct object object = object_make();
	for (enum change change = 0; change < CHANGES_LEN; change++)
		object_int(&object, change_name(change), comparison->counts[change]);
	object_int(&object, "unmatched_runs", comparison->unmatched);
	return object;
}

enum fault comparison_json(struct text *out, const struct report_comparison *comparison)
{
	text_put(out, "{\"schema\": \"tlsgauge.comparison/1\",\n \"summary\": ");
	enum fault fault = object_dump(out, counts_object(comparison));
	text_put(out, ",\n \"changes\": [");
	for (size_t i = 0; fault == FAULT_NONE && i < comparison->len; i++) {
		text_printf(out, i ? ",\n  " : "\n  ");
		fault = object_dump(out, item_object(&comparison->items[i]));
	}
	text_put(out, "]}\n");
	return fault != FAULT_NONE ? fault : out->fault;
}
