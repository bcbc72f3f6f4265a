/* SPDX-License-Identifier: Apache-2.0 */
#include <mxml.h>
#include <stdio.h>
#include <stdlib.h>

#include "report/told.h"
#include "report/xml.h"

/* Counts of one suite, as JUnit names them; an inconclusive cell could not be tested: an error. */
struct tally {
	size_t tests, failures, errors, skipped;
	double seconds;
};

static void attribute_count(mxml_node_t *node, const char *name, size_t count)
{
	char text[24];
	snprintf(text, sizeof(text), "%zu", count);
	xml_attribute(node, name, text);
}

static void attribute_seconds(mxml_node_t *node, int digits, double seconds)
{
	char text[32];
	snprintf(text, sizeof(text), "%.*f", digits, seconds);
	xml_attribute(node, "time", text);
}

static void put_tally(mxml_node_t *node, const struct tally *tally)
{
	attribute_count(node, "tests", tally->tests);
	attribute_count(node, "failures", tally->failures);
	attribute_count(node, "errors", tally->errors);
	attribute_count(node, "skipped", tally->skipped);
	attribute_seconds(node, 3, tally->seconds);
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

static void put_properties(mxml_node_t *suite, const struct report_run *run)
{
	const struct settings *settings = &run->result->settings;
	mxml_node_t *properties = mxmlNewElement(suite, "properties");
	xml_property(properties, "address", run->address);
	xml_property(properties, "depth", run->depth);
	for (size_t i = 0; settings->policy && i < settings->policy->settings_len; i++)
		xml_property(properties, settings->policy->settings[i].name,
			     settings->policy->settings[i].values[settings->value[i]]);
	for (size_t i = 0; i < run->result->notes_len; i++)
		xml_property(properties, "note", run->result->notes[i]);
	if (run->resumed)
		xml_property(properties, "note", run->resumed);
}

static void put_outcome(mxml_node_t *test, const char *name, const struct finding *finding)
{
	struct text account;
	mxml_node_t *outcome = mxmlNewElement(test, name);
	const char *why = finding->reason ? finding->reason : "";
	if (finding->verdict == VERDICT_EXPECTED_FAIL && finding->remarks_len)
		why = finding->remarks[finding->remarks_len - 1];
	xml_attribute(outcome, "message", why);
	if (strcmp(name, "skipped") != 0) {
		text_init(&account);
		finding_account(&account, finding);
		xml_attribute(outcome, "type", verdict_name(finding->verdict));
		xml_text(outcome, text_view(&account));
		text_release(&account);
	}
}

static double seconds_of(const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	return seen->ended_us > seen->started_us ? (double)(seen->ended_us - seen->started_us) / 1e6
						 : 0.0;
}

static void put_test(mxml_node_t *suite, const struct report *report, size_t run,
		     const struct finding *finding)
{
	struct text name;
	mxml_node_t *test = mxmlNewElement(suite, "testcase");
	struct place place = finding_place(finding);
	const char *outcome = outcome_element(report, finding);
	text_init(&name);
	run_title(&name, report, run);
	xml_attribute(test, "classname", text_view(&name));
	text_release(&name);
	xml_attribute(test, "name", finding->id);
	attribute_seconds(test, 6, seconds_of(finding));
	if (place.file) {
		xml_attribute(test, "file", place.file);
		attribute_count(test, "line", place.line);
	}
	if (outcome)
		put_outcome(test, outcome, finding);
	else if (finding_gravity(report, finding) == GRAVITY_NOTE && finding->reason)
		xml_text(mxmlNewElement(test, "system-out"), finding->reason);
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

static void put_suite(mxml_node_t *root, const struct report *report, size_t index)
{
	const struct report_run *run = &report->runs[index];
	struct tally tally = { .seconds = (double)run->duration_ms / 1000.0 };
	struct text title;
	mxml_node_t *suite = mxmlNewElement(root, "testsuite");
	text_init(&title);
	run_title(&title, report, index);
	xml_attribute(suite, "name", text_view(&title));
	text_release(&title);
	attribute_count(suite, "id", index);
	count(&tally, report, run->result);
	put_tally(suite, &tally);
	/* RFC 3339 without the zone, which JUnit's readers do not know. */
	char started[20];
	snprintf(started, sizeof(started), "%.19s", run->started);
	xml_attribute(suite, "timestamp", started);
	put_properties(suite, run);
	for (size_t i = 0; i < run->result->findings_len; i++)
		put_test(suite, report, index, &run->result->findings[i]);
}

static enum fault write(struct text *out, const struct report *report)
{
	struct tally all = { .tests = 0 };
	mxml_node_t *document = mxmlNewXML("1.0");
	mxml_node_t *root = mxmlNewElement(document, "testsuites");
	xml_attribute(root, "name", "tlsgauge");
	for (size_t i = 0; i < report->runs_len; i++) {
		count(&all, report, report->runs[i].result);
		all.seconds += (double)report->runs[i].duration_ms / 1000.0;
	}
	put_tally(root, &all);
	for (size_t i = 0; i < report->runs_len; i++)
		put_suite(root, report, i);
	enum fault fault = xml_write(out, document);
	mxmlDelete(document);
	return fault;
}

const struct report_format report_junit = {
	.name = "junit",
	.description = "XML as JUnit's readers have it: a suite a run, a test a finding",
	.write = write,
};
