/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_answer.h"
#include "probe/observation.h"
#include "registry/registry.h"

#define PREFIX_MAX 4096

static bool is_named(const struct expectation *expectation, uint8_t alert)
{
	for (size_t i = 0; i < expectation->alerts_len; i++)
		if (expectation->alerts[i] == alert)
			return true;
	return expectation->alerts_len == 0;
}

static bool is_alert(const struct expectation *expectation, const struct observation *seen,
		     uint8_t level)
{
	return seen->outcome == OUTCOME_ALERT && seen->alert_level == level &&
	       is_named(expectation, seen->alert);
}

static bool is_server_hello(const struct expectation *expectation, const struct conduct *conduct,
			    const struct observation *seen)
{
	enum version version = expectation->version == VERSION_NONE ? conduct->setting.version
								    : expectation->version;
	return seen->outcome == OUTCOME_SERVER_HELLO && seen->version == version &&
	       (!expectation->has_suite || seen->suite == expectation->suite);
}

/* Application data or silence may follow. */
static bool is_finished(const struct observation *seen)
{
	return seen->answer && seen->answer->finished &&
	       (seen->outcome == OUTCOME_SERVER_HELLO || seen->outcome == OUTCOME_TIMEOUT);
}

static bool begins(const struct expectation *expectation, const struct conduct *conduct,
		   struct span bytes)
{
	uint8_t prefix[PREFIX_MAX];
	struct builder b;
	builder_init(&b, prefix, sizeof(prefix), NULL, 0);
	elements_encode(&b, &expectation->prefix, &conduct->setting);
	return builder_fault(&b) == FAULT_NONE && bytes.len > 0 && b.len <= bytes.len &&
	       span_equal(builder_view(&b), span_of(bytes.at, b.len));
}

bool expectation_met(const struct expectation *expectation, const struct conduct *conduct,
		     const struct observation *seen)
{
	const struct case_answer *answer = seen->answer;
	switch (expectation->kind) {
	case EXPECT_SERVER_HELLO:
		return is_server_hello(expectation, conduct, seen);
	case EXPECT_RETRY_REQUEST:
		return seen->outcome == OUTCOME_HELLO_RETRY_REQUEST &&
		       (!expectation->group || expectation->group == seen->group);
	case EXPECT_ALERT:
		return is_alert(expectation, seen, ALERT_FATAL);
	case EXPECT_WARNING:
		return is_alert(expectation, seen, ALERT_WARNING);
	case EXPECT_CLOSE:
		return seen->outcome == OUTCOME_CLOSE || seen->outcome == OUTCOME_RESET;
	case EXPECT_FIN:
		return seen->outcome == OUTCOME_CLOSE;
	case EXPECT_RESET:
		return seen->outcome == OUTCOME_RESET;
	case EXPECT_TIMEOUT:
		return seen->outcome == OUTCOME_TIMEOUT;
	case EXPECT_FINISHED:
		return is_finished(seen);
	case EXPECT_APPLICATION_DATA:
		return seen->outcome == OUTCOME_SERVER_HELLO && answer &&
		       begins(expectation, conduct, answer->application);
	case EXPECT_BYTES:
		return seen->outcome == OUTCOME_PLAINTEXT && answer &&
		       begins(expectation, conduct, answer->clear);
	}
	return false;
}
