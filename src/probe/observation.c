/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/observation.h"

#include "probe/case_answer.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#include <stdio.h>

const char *outcome_name(enum outcome outcome)
{
	static const char *const names[] = {
		[OUTCOME_NONE] = "none",
		[OUTCOME_SERVER_HELLO] = "server_hello",
		[OUTCOME_HELLO_RETRY_REQUEST] = "hello_retry_request",
		[OUTCOME_ALERT] = "alert",
		[OUTCOME_CLOSE] = "close",
		[OUTCOME_RESET] = "reset",
		[OUTCOME_REFUSED] = "refused",
		[OUTCOME_PLAINTEXT] = "plaintext",
		[OUTCOME_TIMEOUT] = "timeout",
		[OUTCOME_GARBAGE] = "garbage",
		[OUTCOME_UNREACHABLE] = "unreachable",
	};
	return names[outcome];
}

const char *layer_name(enum layer layer)
{
	static const char *const names[] = {
		[LAYER_NONE] = "none",
		[LAYER_PLAINTEXT] = "plaintext",
		[LAYER_TLS] = "tls",
		[LAYER_TRANSPORT] = "transport",
		[LAYER_APPLICATION] = "application",
	};
	return names[layer];
}

bool observation_is_answer(const struct observation *observation)
{
	switch (observation->outcome) {
	case OUTCOME_NONE:
	case OUTCOME_TIMEOUT:
	case OUTCOME_UNREACHABLE:
		return false;
	default:
		return !observation->overload;
	}
}

bool observation_is_rejection(const struct observation *observation)
{
	switch (observation->outcome) {
	case OUTCOME_ALERT:
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_REFUSED:
		return !observation->overload;
	default:
		return false;
	}
}

static const char *sqlstate(const struct observation *observation)
{
	return observation->refusal ? observation->refusal->sqlstate : "";
}

bool observation_same_class(const struct observation *a, const struct observation *b)
{
	return a->outcome == b->outcome && a->layer == b->layer && a->alert == b->alert &&
	       a->version_code == b->version_code && a->suite == b->suite &&
	       !a->broken == !b->broken && strcmp(sqlstate(a), sqlstate(b)) == 0;
}

static void describe_server_hello(char *out, size_t out_len, const struct observation *seen)
{
	if (seen->version == SSLV2) {
		snprintf(out, out_len, "SERVER-HELLO SSLv2 with %zu cipher kinds",
			 seen->kinds.len / 3);
		return;
	}
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, seen->suite);
	char tail[192] = "";
	if (seen->broken || seen->unable)
		snprintf(tail, sizeof(tail), ", then: %s",
			 seen->broken ? seen->broken : seen->unable);
	if (seen->version == VERSION_NONE)
		snprintf(out, out_len, "ServerHello version 0x%04X %s%s", seen->version_code, label,
			 tail);
	else
		snprintf(out, out_len, "ServerHello %s %s%s", version_name(seen->version), label,
			 tail);
}

static void describe_alert(char *out, size_t out_len, const struct observation *seen)
{
	const char *level = seen->alert_level == ALERT_WARNING ? "warning" : "fatal";
	const char *name = registry_name(&registry_alerts, seen->alert);
	const char *when = seen->after_server_hello ? " after a ServerHello" : "";
	if (name)
		snprintf(out, out_len, "%s alert %s%s", level, name, when);
	else
		snprintf(out, out_len, "%s alert %u%s", level, (unsigned)seen->alert, when);
}

/* "closed", "reset" and the like, with what came before and what the message adds. */
static void describe_end(char *out, size_t out_len, const struct observation *seen, const char *end)
{
	const char *when = seen->after_server_hello ? " after a ServerHello" : "";
	if (seen->message)
		snprintf(out, out_len, "%s%s: %s", end, when, seen->message);
	else
		snprintf(out, out_len, "%s%s", end, when);
}

static void describe_refusal(char *out, size_t out_len, const struct observation *seen)
{
	const struct refusal *refusal = seen->refusal;
	if (!refusal)
		snprintf(out, out_len, "refused");
	else if (strcmp(refusal->message, "N") == 0)
		snprintf(out, out_len, "refused: the SSLRequest was answered with N");
	else
		snprintf(out, out_len, "refused: %s%s%s", refusal->sqlstate,
			 refusal->sqlstate[0] ? " " : "", refusal->message);
}

void observation_describe(char *out, size_t out_len, const struct observation *seen)
{
	const char *group = registry_name(&registry_groups, seen->group);
	switch (seen->outcome) {
	case OUTCOME_NONE:
		snprintf(out, out_len, "not asked");
		return;
	case OUTCOME_SERVER_HELLO:
		describe_server_hello(out, out_len, seen);
		return;
	case OUTCOME_HELLO_RETRY_REQUEST:
		snprintf(out, out_len, "HelloRetryRequest for group %s (0x%04X)",
			 group ? group : "unknown", seen->group);
		return;
	case OUTCOME_ALERT:
		describe_alert(out, out_len, seen);
		return;
	case OUTCOME_CLOSE:
		describe_end(out, out_len, seen, "closed");
		return;
	case OUTCOME_RESET:
		describe_end(out, out_len, seen, "reset");
		return;
	case OUTCOME_REFUSED:
		describe_refusal(out, out_len, seen);
		return;
	case OUTCOME_PLAINTEXT:
		if (seen->answer)
			snprintf(out, out_len, "%zu bytes in clear", seen->answer->clear.len);
		else
			snprintf(out, out_len, "a session without TLS was let in");
		return;
	case OUTCOME_TIMEOUT:
		describe_end(out, out_len, seen, "no answer in time");
		return;
	case OUTCOME_GARBAGE:
		describe_end(out, out_len, seen, "not understood");
		return;
	case OUTCOME_UNREACHABLE:
		snprintf(out, out_len, "%s", seen->message ? seen->message : "unreachable");
		return;
	}
}
