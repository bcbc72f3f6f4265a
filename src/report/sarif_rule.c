/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sarif_rule.h"

#include <stdio.h>
#include <stdlib.h>

#include "report/case_words.h"
#include "report/facts.h"
#include "report/told.h"

const char *sarif_level(enum gravity gravity)
{
	static const char *const words[] = { "none", "note", "warning", "error" };
	return words[gravity];
}

/* A rule is told by the gravest of its findings. `severity` is in tenths, as of CVSS. */
struct sarif_rule {
	char name[FINDING_ID_MAX];
	const struct finding *finding;
	enum gravity gravity;
	unsigned severity;
};

/*
 * How much a deviation puts at risk: what is accepted and must not be weighs more than what is
 * rejected and should work, an old version more than a weak suite, a known bug most.
 */
static unsigned severity_of(const struct finding *finding)
{
	const struct citation *citation = finding_citation(finding);
	if (finding_is_case(finding)) {
		if (finding->of->cve)
			return 90;
		return citation && citation->level == LEVEL_MUST ? 55 : 30;
	}
	if (!finding_is_accepted(finding))
		return finding->kind == FINDING_CERTIFICATE ? 65 : 30;
	if (finding->kind == FINDING_PLAINTEXT)
		return 81;
	if (finding->version <= SSLV3)
		return 90;
	return finding->version <= TLS1_1 ? 70 : 60;
}

static void name_of(char out[FINDING_ID_MAX], const struct finding *finding)
{
	struct text name;
	text_init(&name);
	finding_rule_name(&name, finding);
	snprintf(out, FINDING_ID_MAX, "%s", text_view(&name));
	text_release(&name);
}

static int compare(const void *left, const void *right)
{
	const struct sarif_rule *a = left, *b = right;
	int order = strcmp(a->name, b->name);
	if (order)
		return order;
	/* The gravest first: it is the one that is kept. */
	return a->gravity == b->gravity ? 0 : a->gravity > b->gravity ? -1 : 1;
}

static size_t collect(struct sarif_rule *items, const struct report *report)
{
	size_t len = 0;
	for (size_t i = 0; i < report->runs_len; i++) {
		const struct run_result *result = report->runs[i].result;
		for (size_t k = 0; k < result->findings_len; k++) {
			const struct finding *finding = &result->findings[k];
			if (!finding_is_issue(report, finding))
				continue;
			struct sarif_rule *rule = &items[len++];
			name_of(rule->name, finding);
			rule->finding = finding;
			rule->gravity = finding_gravity(report, finding);
			rule->severity = severity_of(finding);
		}
	}
	return len;
}

static size_t unique(struct sarif_rule *items, size_t len)
{
	size_t kept = 0;
	for (size_t i = 0; i < len; i++) {
		if (!kept || strcmp(items[kept - 1].name, items[i].name) != 0)
			items[kept++] = items[i];
		else if (items[i].severity > items[kept - 1].severity)
			items[kept - 1].severity = items[i].severity;
	}
	return kept;
}

enum fault sarif_rules_init(struct sarif_rules *rules, const struct report *report)
{
	size_t counts[GRAVITY_ERROR + 1];
	gravity_counts(counts, report);
	size_t most = counts[GRAVITY_NOTE] + counts[GRAVITY_WARNING] + counts[GRAVITY_ERROR];
	*rules = (struct sarif_rules){ .items = NULL };
	if (!most)
		return FAULT_NONE;
	rules->items = calloc(most, sizeof(*rules->items));
	if (!rules->items)
		return FAULT_NO_MEMORY;
	rules->len = collect(rules->items, report);
	qsort(rules->items, rules->len, sizeof(*rules->items), compare);
	rules->len = unique(rules->items, rules->len);
	return FAULT_NONE;
}

void sarif_rules_release(struct sarif_rules *rules)
{
	free(rules->items);
}

static int compare_name(const void *name, const void *rule)
{
	return strcmp(name, ((const struct sarif_rule *)rule)->name);
}

size_t sarif_rules_index(const struct sarif_rules *rules, const struct finding *finding)
{
	char name[FINDING_ID_MAX];
	name_of(name, finding);
	const struct sarif_rule *found =
		rules->len ? bsearch(name, rules->items, rules->len, sizeof(*found), compare_name)
			   : NULL;
	return found ? (size_t)(found - rules->items) : 0;
}

static struct object text_object(struct text *text)
{
	struct object object = object_make();
	object.bad = object.bad || text->fault != FAULT_NONE;
	object_text(&object, "text", text_view(text));
	text_release(text);
	return object;
}

static void short_description(struct text *out, const struct finding *finding)
{
	const struct citation *citation = finding_citation(finding);
	if (citation)
		text_printf(out, "%s (%s)", citation->text, case_level_name(citation->level));
	else if (finding->kind == FINDING_SUITE)
		text_printf(out, "Cipher suites at %s", version_name(finding->version));
	else if (finding->kind == FINDING_VERSION)
		text_printf(out, "Protocol version %s", version_name(finding->version));
	else
		text_put(out, finding->id);
}

static void help(struct text *out, const struct finding *finding)
{
	text_put(out, "Demanded: ");
	finding_demand(out, finding);
	text_put(out, ".");
	if (finding_is_case(finding) && finding->of->why)
		text_printf(out, " At stake: %s.", finding->of->why);
	if (finding_is_case(finding) && finding->of->cve)
		text_printf(out, " Known as %s.", finding->of->cve);
	if (finding_is_case(finding))
		text_put(out, " 'tlsgauge cases show' prints the case byte by byte.");
	else
		text_put(out, " The row belongs to the policy that restates the document: change "
			      "the endpoint, or the policy if the document changed.");
}

static struct object rule_object(const struct sarif_rule *rule)
{
	struct object object = object_make(), configuration = object_make();
	struct object properties = object_make();
	struct text text;
	char severity[24];
	const char *const tags[] = { "security", "tls", finding_kind_name(rule->finding->kind) };
	text_init(&text);
	object_text(&object, "id", rule->name);
	short_description(&text, rule->finding);
	object_object(&object, "shortDescription", text_object(&text));
	finding_demand(&text, rule->finding);
	object_object(&object, "fullDescription", text_object(&text));
	help(&text, rule->finding);
	object_object(&object, "help", text_object(&text));
	object_text(&configuration, "level", sarif_level(rule->gravity));
	object_object(&object, "defaultConfiguration", configuration);
	snprintf(severity, sizeof(severity), "%u.%u", rule->severity / 10, rule->severity % 10);
	object_texts(&properties, "tags", tags, sizeof(tags) / sizeof(tags[0]));
	object_text(&properties, "security-severity", severity);
	object_object(&object, "properties", properties);
	return object;
}

void sarif_rules_put(const struct sarif_rules *rules, struct object *driver)
{
	json_t *array = json_array();
	for (size_t i = 0; i < rules->len; i++) {
		struct object object = rule_object(&rules->items[i]);
		driver->bad =
			driver->bad || object.bad || json_array_append_new(array, object.json);
	}
	object_put(driver, "rules", array);
}
