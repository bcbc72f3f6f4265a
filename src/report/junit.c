/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "report/told.h"
#include "report/xml.h"

#define US_A_MS 1000

/* Counts of one suite, as JUnit names them; an inconclusive cell could not be tested: an error. */
struct tally {
	size_t tests, failures, errors, skipped;
	uint64_t us;
};

static void put_tally(struct xml_element *node, const struct tally *tally)
{
	xml_attribute_number(node, "tests", tally->tests);
	xml_attribute_number(node, "failures", tally->failures);
	xml_attribute_number(node, "errors", tally->errors);
	xml_attribute_number(node, "skipped", tally->skipped);
	xml_attribute_seconds(node, "time", tally->us, 3);
}

/* The element that tells of anything but a pass, or NULL. */
static const char *outcome_element(const struct report *report, const struct finding *finding)
{
	enum gravity gravity = finding_gravity(report, finding);
	if (finding->verdict == VERDICT_ERROR || gravity == GRAVITY_WARNING)
		return "error";
	if (gravity == GRAVITY_ERROR)
		return "failure";
	bool skipped = finding->verdict == VERDICT_UNJUDGED ||
		       finding->verdict == VERDICT_NOT_APPLICABLE ||
		       finding->verdict == VERDICT_EXPECTED_FAIL;
	return skipped ? "skipped" : NULL;
}

static void put_properties(struct xml_element *suite, const struct report_run *run)
{
	const struct settings *settings = &run->result->settings;
	struct xml_element properties = xml_open_child(suite, "properties");
	xml_property(&properties, "address", run->address);
	xml_property(&properties, "depth", run->depth);
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++)
		xml_property(&properties, settings->policy->settings[i].name,
			     settings->policy->settings[i].values[settings->value[i]]);
	for (size_t i = 0; i < run->result->notes_len; i++)
		xml_property(&properties, "note", run->result->notes[i]);
	if (run->resumed)
		xml_property(&properties, "note", run->resumed);
	xml_close(&properties);
}

static void put_outcome(struct xml_element *test, const char *name, const struct finding *finding)
{
	struct text account;
	struct xml_element outcome = xml_open_child(test, name);
	const char *why = finding->reason ? finding->reason : "";
	if (finding->verdict == VERDICT_EXPECTED_FAIL && finding->remarks_len)
		why = finding->remarks[finding->remarks_len - 1];
	xml_attribute(&outcome, "message", why);
	if (strcmp(name, "skipped") != 0) {
		text_init(&account);
		finding_account(&account, finding);
		xml_attribute(&outcome, "type", verdict_name(finding->verdict));
		xml_text(&outcome, text_view(&account));
		text_release(&account);
	}
	xml_close(&outcome);
}

static uint64_t us_of(const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	return seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
}

static void put_note(struct xml_element *test, const char *note)
{
	struct xml_element output = xml_open_child(test, "system-out");
	xml_text(&output, note);
	xml_close(&output);
}

static void put_test(struct xml_element *suite, const char *title, const struct report *report,
		     const struct finding *finding)
{
	struct xml_element test = xml_open_child(suite, "testcase");
	struct place place = finding_place(finding);
	const char *outcome = outcome_element(report, finding);
	xml_attribute(&test, "classname", title);
	xml_attribute(&test, "name", finding->id);
	xml_attribute_seconds(&test, "time", us_of(finding), 6);
	if (place.file) {
		xml_attribute(&test, "file", place.file);
		xml_attribute_number(&test, "line", place.line);
	}
	if (outcome)
		put_outcome(&test, outcome, finding);
	else if (finding_gravity(report, finding) == GRAVITY_NOTE && finding->reason)
		put_note(&test, finding->reason);
	xml_close(&test);
	text_settle(test.out);
}

static void count(struct tally *tally, const struct report *report, const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const char *outcome = outcome_element(report, &result->findings[i]);
		tally->tests++;
		tally->failures += outcome && strcmp(outcome, "failure") == 0;
		tally->errors += outcome && strcmp(outcome, "error") == 0;
		tally->skipped += outcome && strcmp(outcome, "skipped") == 0;
	}
}

static void put_suite(struct xml_element *root, const struct report *report, size_t index)
{
	const struct report_run *run = &report->runs[index];
	struct tally tally = { .us = run->duration_ms * US_A_MS };
	struct text title;
	struct xml_element suite = xml_open_child(root, "testsuite");
	text_init(&title);
	run_title(&title, report, index);
	xml_attribute(&suite, "name", text_view(&title));
	xml_attribute_number(&suite, "id", index);
	count(&tally, report, run->result);
	put_tally(&suite, &tally);
	/* RFC 3339 without the zone, which JUnit's readers do not know. */
	char started[20];
	snprintf(started, sizeof(started), "%.19s", run->started);
	xml_attribute(&suite, "timestamp", started);
	put_properties(&suite, run);
	for (size_t i = 0; i < run->result->findings_len; i++)
		put_test(&suite, text_view(&title), report, &run->result->findings[i]);
	text_release(&title);
	xml_close(&suite);
}

static enum fault write(struct text *out, const struct report *report)
{
	struct tally all = { .tests = 0 };
	text_put(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
	struct xml_element root = xml_open(out, "testsuites");
	xml_attribute(&root, "name", "tlsgauge");
	for (size_t i = 0; i < report->runs_len; i++) {
		count(&all, report, report->runs[i].result);
		all.us += report->runs[i].duration_ms * US_A_MS;
	}
	put_tally(&root, &all);
	for (size_t i = 0; i < report->runs_len; i++)
		put_suite(&root, report, i);
	xml_close(&root);
	return out->fault;
}

const struct report_format report_junit = {
	.name = "junit",
	.description = "XML as JUnit's readers have it: a suite a run, a test a finding",
	.write = write,
};
