/* SPDX-License-Identifier: Apache-2.0 */
#include "report/case_words.h"

#include "registry/registry.h"

const char *expectation_word(const struct expectation *expectation)
{
	static const char *const words[] = {
		[EXPECT_SERVER_HELLO] = "server_hello",
		[EXPECT_RETRY_REQUEST] = "hello_retry_request",
		[EXPECT_ALERT] = "alert",
		[EXPECT_WARNING] = "alert",
		[EXPECT_CLOSE] = "close",
		[EXPECT_FIN] = "close",
		[EXPECT_RESET] = "reset",
		[EXPECT_TIMEOUT] = "timeout",
		[EXPECT_FINISHED] = "finished",
		[EXPECT_APPLICATION_DATA] = "application_data",
		[EXPECT_BYTES] = "plaintext",
	};
	return words[expectation->kind];
}

void expectation_write(struct text *out, const struct expectation *expectation)
{
	text_put(out, expectation_word(expectation));
	for (size_t i = 0; i < expectation->alerts_len; i++) {
		const char *name = registry_name(&registry_alerts, expectation->alerts[i]);
		text_put(out, i ? " or " : " ");
		if (name)
			text_put(out, name);
		else
			text_printf(out, "%u", expectation->alerts[i]);
	}
}

bool finding_is_case(const struct finding *finding)
{
	return finding->kind == FINDING_CASE && finding->of;
}

const struct citation *finding_citation(const struct finding *finding)
{
	bool has = finding_is_case(finding) && finding->of->citations_len;
	return has ? &finding->of->citations[0] : NULL;
}

void report_grades(size_t counts[GRADE_TOLERATED + 1], const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding_is_case(finding) && finding->verdict == VERDICT_PASS)
			counts[finding->grade]++;
	}
}
