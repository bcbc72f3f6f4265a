/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define SHOWN_MAX 16

static void alerts_phrase(struct text *out, const char *level, const struct expectation *expected)
{
	text_printf(out, expected->alerts_len ? "%s alert" : "a %s alert", level);
	for (size_t i = 0; i < expected->alerts_len; i++) {
		const char *name = registry_name(&registry_alerts, expected->alerts[i]);
		text_printf(out, "%s", i ? " or " : " ");
		if (name)
			text_printf(out, "%s", name);
		else
			text_printf(out, "%u", expected->alerts[i]);
	}
}

static void hello_phrase(struct text *out, const struct expectation *expected, enum version asked)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	enum version version = expected->version == VERSION_NONE ? asked : expected->version;
	text_printf(out, "ServerHello");
	if (version != VERSION_NONE)
		text_printf(out, " %s", version_name(version));
	if (!expected->has_suite)
		return;
	cipher_suite_label(label, expected->suite);
	text_printf(out, " %s", label);
}

static void retry_phrase(struct text *out, const struct expectation *expected)
{
	const char *name = registry_name(&registry_groups, expected->group);
	text_printf(out, "HelloRetryRequest");
	if (expected->group && name)
		text_printf(out, " for group %s", name);
	else if (expected->group)
		text_printf(out, " for group 0x%04X", expected->group);
}

static void outcome_phrase(struct text *out, const struct expectation *expected, enum version asked)
{
	switch (expected->kind) {
	case EXPECT_SERVER_HELLO:
		hello_phrase(out, expected, asked);
		return;
	case EXPECT_RETRY_REQUEST:
		retry_phrase(out, expected);
		return;
	case EXPECT_ALERT:
		alerts_phrase(out, "fatal", expected);
		return;
	case EXPECT_WARNING:
		alerts_phrase(out, "warning", expected);
		return;
	case EXPECT_CLOSE:
		text_printf(out, "close");
		return;
	case EXPECT_FIN:
		text_printf(out, "fin");
		return;
	case EXPECT_RESET:
		text_printf(out, "reset");
		return;
	case EXPECT_TIMEOUT:
		text_printf(out, "silence");
		return;
	case EXPECT_FINISHED:
		text_printf(out, "a finished handshake");
		return;
	case EXPECT_APPLICATION_DATA:
		text_printf(out, "application data");
		return;
	case EXPECT_BYTES:
		text_printf(out, "bytes in clear");
		return;
	}
}

static void list_phrase(struct text *out, const struct conformance_case *of, enum version version,
			bool tolerated, const char *joint)
{
	size_t len = 0;
	for (size_t i = 0; i < of->expectations_len; i++) {
		if (of->expectations[i].tolerated != tolerated)
			continue;
		text_printf(out, "%s", len++ ? joint : tolerated ? "; tolerated: " : "");
		outcome_phrase(out, &of->expectations[i], version);
	}
}

static const char *into_arena(struct case_prover *prover, struct text *text)
{
	const char *out = arena_text(prover->arena, span_text(text_view(text)));
	text_release(text);
	return out;
}

const char *case_phrase_strict(struct case_prover *prover, const struct conformance_case *of,
			       enum version version)
{
	struct text text;
	text_init(&text);
	list_phrase(&text, of, version, false, " or ");
	return into_arena(prover, &text);
}

const char *case_phrase_demanded(struct case_prover *prover, const struct conformance_case *of,
				 enum version version)
{
	struct text text;
	text_init(&text);
	list_phrase(&text, of, version, false, " or ");
	list_phrase(&text, of, version, true, ", ");
	return into_arena(prover, &text);
}

static void clear_phrase(struct text *out, struct span bytes)
{
	text_printf(out, "bytes in clear: \"");
	text_quote(out, span_of(bytes.at, bytes.len < SHOWN_MAX ? bytes.len : SHOWN_MAX));
	text_printf(out, bytes.len > SHOWN_MAX ? "...\"" : "\"");
}

static void plain_phrase(struct text *out, const struct observation *seen)
{
	char phrase[SERVER_MESSAGE_MAX + 256];
	/* What a rule was broken with is told as the reason, not as part of the answer. */
	struct observation bare = *seen;
	bare.broken = NULL;
	observation_describe(phrase, sizeof(phrase), &bare);
	text_printf(out, "%s", phrase);
}

const char *case_phrase_answer(struct case_prover *prover, const struct observation *seen)
{
	const struct case_answer *answer = seen->answer;
	struct text text;
	text_init(&text);
	if (answer && answer->finished)
		text_printf(&text, "a finished handshake, then ");
	if (answer && answer->application.len)
		text_printf(&text, "%zu bytes of application data, then ", answer->application.len);
	if (seen->outcome == OUTCOME_TIMEOUT)
		text_printf(&text, "silence");
	else if (seen->outcome == OUTCOME_ALERT && !seen->alert_level && seen->alert == 255)
		text_printf(&text, "a protected alert that cannot be read");
	else if (seen->outcome == OUTCOME_PLAINTEXT && answer)
		clear_phrase(&text, answer->clear);
	else
		plain_phrase(&text, seen);
	return into_arena(prover, &text);
}
