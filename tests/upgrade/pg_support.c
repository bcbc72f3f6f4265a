/* SPDX-License-Identifier: Apache-2.0 */
#include "pg_support.h"

#include <criterion/criterion.h>

void script_init(struct script *script)
{
	builder_init(&script->b, script->bytes, sizeof(script->bytes), NULL, 0);
}

void script_say(struct script *script, char type, struct span body, int lie)
{
	builder_u8(&script->b, "type", (uint8_t)type);
	builder_u32(&script->b, "length", (uint32_t)((int)body.len + 4 + lie));
	builder_bytes(&script->b, "body", body);
	cr_assert_eq(builder_fault(&script->b), FAULT_NONE);
}

void script_authentication(struct script *script, uint32_t code, struct span rest)
{
	uint8_t bytes[512];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	builder_u32(&b, "code", code);
	builder_bytes(&b, "rest", rest);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	script_say(script, 'R', builder_view(&b), 0);
}

void script_row(struct script *script, size_t len, const char *const *cells)
{
	uint8_t bytes[512];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	builder_u16(&b, "count", (uint16_t)len);
	for (size_t i = 0; i < len; i++) {
		builder_u32(&b, "length", cells[i] ? (uint32_t)strlen(cells[i]) : UINT32_MAX);
		builder_bytes(&b, "cell", span_text(cells[i] ? cells[i] : ""));
	}
	script_say(script, 'D', builder_view(&b), 0);
}

void script_welcome(struct script *script)
{
	script_say(script, 'S', BYTES("server_version\00015.20\0"), 0);
	script_say(script, 'K', BYTES("\0\0\0\1\0\0\0\2"), 0);
	script_say(script, 'Z', BYTES("I"), 0);
}

static void answer(struct script *script, size_t len, const char *const *cells)
{
	script_say(script, 'T', BYTES("\0\0"), 0);
	if (len)
		script_row(script, len, cells);
	script_say(script, 'C', BYTES("SELECT 1\0"), 0);
	script_say(script, 'Z', BYTES("I"), 0);
}

void script_answers(struct script *script)
{
	static const char *const row[] = { "TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384", "256" };
	static const char *const extension[] = { "1.2" };
	answer(script, 3, row);
	answer(script, 1, extension);
	answer(script, 2, row);
}

struct pg_options options_default(void)
{
	struct pg_options options = { .user = "tester", .database = "db", .password = "pencil" };
	rng_init(&options.rng, 7, 1);
	return options;
}

static void listen(struct outcome *out)
{
	struct span said = pg_session_output(&out->session);
	cr_assert_leq(said.len, sizeof(out->said) - out->said_len);
	if (said.len)
		memcpy(out->said + out->said_len, said.at, said.len);
	out->said_len += said.len;
	pg_session_sent(&out->session, said.len);
}

void converse(struct outcome *out, const struct pg_options *options, const struct script *script,
	      size_t chunk)
{
	struct span bytes = builder_view(&script->b);
	out->said_len = 0;
	cr_assert_eq(pg_session_start(&out->session, options), FAULT_NONE);
	listen(out);
	while (bytes.len) {
		size_t n = bytes.len < chunk ? bytes.len : chunk;
		pg_session_input(&out->session, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
		listen(out);
	}
}

bool client_said(const struct outcome *outcome, struct span bytes)
{
	return memmem(outcome->said, outcome->said_len, bytes.at, bytes.len) != NULL;
}
