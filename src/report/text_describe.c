/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"
#include "report/text_internal.h"

static void describe_alert(struct text *out, const struct observation *seen)
{
	const char *name = registry_name(&registry_alerts, seen->alert);
	text_put(out, "alert ");
	if (name)
		text_put(out, name);
	else
		text_put_decimal(out, seen->alert, 0);
}

static void describe_hello(struct text *out, const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	if (finding_is_accepted(finding))
		text_put(out, "accepted");
	else
		text_join(out, "answered ", version_name(seen->version));
}

void describe_brief(struct text *out, const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	switch (seen->outcome) {
	case OUTCOME_NONE:
		text_put(out, "not asked");
		return;
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		describe_hello(out, finding);
		return;
	case OUTCOME_ALERT:
		describe_alert(out, seen);
		return;
	case OUTCOME_REFUSED:
		text_put(out, "refused");
		if (seen->refusal && seen->refusal->sqlstate[0]) {
			text_put(out, " ");
			text_quote(out, span_text(seen->refusal->sqlstate));
		}
		return;
	case OUTCOME_PLAINTEXT:
		text_put(out, "accepted");
		return;
	case OUTCOME_CLOSE:
	case OUTCOME_RESET:
	case OUTCOME_TIMEOUT:
	case OUTCOME_GARBAGE:
	case OUTCOME_UNREACHABLE:
		text_put(out, outcome_name(seen->outcome));
		return;
	}
}

void describe_full(struct text *out, const struct finding *finding)
{
	const struct observation *seen = &finding->observed;
	char phrase[SERVER_MESSAGE_MAX + 256];
	if (seen->outcome == OUTCOME_NONE) {
		text_put(out, "not asked");
		return;
	}
	observation_describe(phrase, sizeof(phrase), seen);
	text_put(out, phrase);
	if (finding->proof == PROOF_GROUP)
		text_printf(out, ", proven in a group of %zu", finding->group_len);
}
