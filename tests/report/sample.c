/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include "case/case.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const char *values[] = { "TLS1_0", "TLS1_2" };
static struct setting settings[] = {
	{ .name = "minimum_tls_version", .values = values, .values_len = 2 },
};
static const struct policy policy = {
	.name = "sample-policy",
	.file = "policies/sample.policy",
	.source = "The sample's document",
	.source_date = "2022-06-24",
	.over = "tls",
	.settings = settings,
	.settings_len = 1,
};
static const struct table suites = { .kind = TABLE_SUITE, .cite = "Cipher suite supported" };
static const struct table versions = { .kind = TABLE_VERSION, .cite = "TLS settings" };
static const struct rule reject_rest = {
	.table = &suites,
	.at = { "policies/sample.policy", 41, 2 },
	.row = "* reject",
	.subject = "*",
	.ruling = RULING_REJECT,
};
static const struct rule accept_version = {
	.table = &versions,
	.at = { "policies/sample.policy", 14, 2 },
	.row = "TLS1_0 reject? reject? accept accept accept accept?",
	.subject = "TLS1.0",
	.ruling = RULING_ACCEPT,
};

void sample_init(struct sample *sample)
{
	*sample = (struct sample){ 0 };
	sample->result = (struct run_result){
		.policy = &policy,
		.settings = { .policy = &policy,
			      .value = { 1 },
			      .given = { true },
			      .today = 20000 },
		.findings = sample->findings,
		.connections = 61,
		.controls = 4,
		.reached = true,
	};
	sample->run = (struct report_run){
		.target = "postgresql://127.0.0.1:5432",
		.address = "127.0.0.1:5432",
		.depth = "hello",
		.started = "2026-11-23T10:00:00Z",
		.seed = 1,
		.duration_ms = 412,
		.result = &sample->result,
	};
	sample->report = (struct report){ .runs = &sample->run, .runs_len = 1 };
}

static struct finding *add(struct sample *sample, enum verdict verdict)
{
	cr_assert_lt(sample->result.findings_len, SAMPLE_FINDINGS);
	struct finding *finding = &sample->findings[sample->result.findings_len++];
	finding->verdict = verdict;
	finding->reason = "because the sample says so";
	finding->proof = PROOF_SINGLE;
	finding->shape = "no-sni,groups,sigalgs";
	sample->result.counts[verdict]++;
	return finding;
}

struct finding *sample_add(struct sample *sample, const char *suite, uint16_t code,
			   enum verdict verdict)
{
	struct finding *finding = add(sample, verdict);
	finding->kind = FINDING_SUITE;
	finding->version = TLS1_2;
	finding->has_suite = true;
	finding->suite = code;
	snprintf(finding->id, sizeof(finding->id), "suite/TLS1.2/%s", suite);
	finding->expected = (struct ruling){ .kind = RULING_REJECT, .rule = &reject_rest };
	finding->observed = (struct observation){ .outcome = OUTCOME_ALERT,
						  .layer = LAYER_TLS,
						  .alert_level = 2,
						  .alert = 40,
						  .attempts = 1,
						  .started_us = 1000,
						  .ended_us = 1800,
						  .probe = 7 };
	return finding;
}

struct finding *sample_add_version(struct sample *sample, enum version version,
				   enum verdict verdict)
{
	struct finding *finding = add(sample, verdict);
	finding->kind = FINDING_VERSION;
	finding->version = version;
	snprintf(finding->id, sizeof(finding->id), "version/%s", version_name(version));
	finding->expected = (struct ruling){ .kind = RULING_CONFLICT,
					     .rule = &accept_version,
					     .against = &reject_rest };
	finding->observed = (struct observation){ .outcome = OUTCOME_SERVER_HELLO,
						  .layer = LAYER_TLS,
						  .version = version,
						  .version_code = version_code(version),
						  .suite = 0xC02F };
	return finding;
}

static struct citation citations[] = { { .text = "RFC 5246 7.4.1.2", .level = LEVEL_MUST } };
static struct expectation expectations[] = {
	{ .kind = EXPECT_ALERT, .alerts = { 50 }, .alerts_len = 1 },
	{ .kind = EXPECT_CLOSE, .tolerated = true },
};
static const struct conformance_case sample_case = {
	.name = "hello.one-over",
	.theme = "hello",
	.at = { "cases/hello.case", 7, 1 },
	.why = "off-by-one readers run past the end of the message",
	.cve = "CVE-2014-0160",
	.cve_shows = "memory of the server",
	.citations = citations,
	.citations_len = 1,
	.versions = VERSION_BIT(TLS1_2),
	.expectations = expectations,
	.expectations_len = 2,
};

struct finding *sample_add_case(struct sample *sample, enum verdict verdict, enum grade grade)
{
	struct finding *finding = &sample->findings[sample->result.findings_len++];
	snprintf(finding->id, sizeof(finding->id), "case/hello.one-over/TLS1.2/%zu",
		 sample->result.findings_len);
	finding->kind = FINDING_CASE;
	finding->version = TLS1_2;
	finding->of = &sample_case;
	finding->demanded = "fatal alert decode_error; tolerated: close";
	finding->verdict = verdict;
	finding->grade = grade;
	finding->reason = "sent hello.one-over; got something";
	finding->observed.outcome = OUTCOME_CLOSE;
	finding->observed.version = VERSION_NONE;
	sample->result.counts[verdict]++;
	return finding;
}

void sample_without_policy(struct sample *sample)
{
	sample->result.policy = NULL;
	sample->result.settings = (struct settings){ .policy = NULL };
}

const char *sample_write(struct sample *sample, const struct report_format *format)
{
	text_release(&sample->text);
	cr_assert_eq(format->write(&sample->text, &sample->report), FAULT_NONE);
	return text_view(&sample->text);
}

void sample_release(struct sample *sample)
{
	text_release(&sample->text);
}
