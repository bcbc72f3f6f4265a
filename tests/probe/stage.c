/* SPDX-License-Identifier: Apache-2.0 */
#include "stage.h"

#include "registry/registry.h"
#include "wire/alert.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/server_hello.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const struct shape shape;

static const struct conformance_case *read_case(struct stage *stage, const char *steps)
{
	static char text[4096];
	snprintf(text, sizeof(text),
		 "case test.it\n  cite \"RFC 5246 7\" MUST\n  why \"a test\"\n%s\n", steps);
	arena_init(&stage->library, POLICY_ARENA_MAX);
	diags_init(&stage->diags, &stage->library);
	catalogue_init(&stage->catalogue, &stage->library, &stage->diags);
	enum fault fault = catalogue_read(&stage->catalogue, "test.case", span_text(text));
	cr_assert_eq(fault, FAULT_NONE, "%s", text);
	return stage->catalogue.cases[0];
}

void stage_open_over(struct stage *stage, enum version version, const char *upgrade,
		     const char *steps)
{
	*stage = (struct stage){ .now_ms = 5000 };
	stage->conduct = (struct conduct){
		.is_control = !steps,
		.setting = { .version = version, .seed = 1, .stream = 7 },
		.quiet_ms = STAGE_QUIET_MS,
	};
	if (steps)
		stage->conduct.of = read_case(stage, steps);
	stage->probe = (struct probe){
		.id = 7,
		.kind = PROBE_CASE,
		.purpose = PURPOSE_CASE,
		.version = version,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text(upgrade)),
		.conduct = &stage->conduct,
	};
	arena_init(&stage->arena, CASE_PROBE_ARENA_MAX);
	arena_init(&stage->keep, RUN_ARENA_MAX);
	cr_assert_eq(exchange_start(&stage->exchange, &stage->probe, &stage->arena, &stage->keep),
		     FAULT_NONE);
	exchange_clock(&stage->exchange, stage->now_ms);
	stage_send(stage);
}

void stage_open(struct stage *stage, enum version version, const char *steps)
{
	stage_open_over(stage, version, "tls", steps);
}

void stage_close(struct stage *stage)
{
	exchange_release(&stage->exchange);
	arena_release(&stage->arena);
	arena_release(&stage->keep);
	arena_release(&stage->library);
}

void stage_send(struct stage *stage)
{
	for (;;) {
		struct span segment = exchange_output(&stage->exchange);
		if (!segment.len)
			return;
		cr_assert_leq(stage->sent_len + segment.len, sizeof(stage->sent));
		memcpy(stage->sent + stage->sent_len, segment.at, segment.len);
		stage->sent_len += segment.len;
		if (stage->segments_len < STAGE_SEGMENTS_MAX)
			stage->segments[stage->segments_len++] = segment.len;
		exchange_sent(&stage->exchange, segment.len);
	}
}

void stage_hear(struct stage *stage, struct span bytes, size_t chunk)
{
	while (bytes.len && stage->exchange.phase != EXCHANGE_DONE) {
		size_t want = exchange_want(&stage->exchange);
		size_t n = chunk && chunk < bytes.len ? chunk : bytes.len;
		n = n < want ? n : want;
		exchange_clock(&stage->exchange, stage->now_ms);
		exchange_input(&stage->exchange, span_of(bytes.at, n));
		bytes = span_skip(bytes, n);
		stage_send(stage);
	}
}

void stage_wait(struct stage *stage, uint64_t ms)
{
	stage->now_ms += ms;
	exchange_clock(&stage->exchange, stage->now_ms);
	stage_send(stage);
}

void stage_end(struct stage *stage, enum exchange_end end)
{
	exchange_clock(&stage->exchange, stage->now_ms);
	exchange_finish(&stage->exchange, end, NULL);
	cr_assert_eq(stage->exchange.phase, EXCHANGE_DONE);
}

void words_init(struct words *words)
{
	builder_init(&words->m, words->messages, sizeof(words->messages), NULL, 0);
	builder_init(&words->r, words->records, sizeof(words->records), NULL, 0);
}

void say_hello(struct words *words, uint16_t version, uint16_t suite)
{
	static const uint8_t random[32] = { 1, 2, 3 };
	struct server_hello hello = {
		.legacy_version = version,
		.random = span_of(random, sizeof(random)),
		.suite = suite,
	};
	server_hello_encode(&words->m, &hello);
}

void say_done(struct words *words)
{
	server_hello_done_encode(&words->m);
}

struct span words_said(struct words *words)
{
	struct record record = { CONTENT_HANDSHAKE, 0x0303, builder_view(&words->m) };
	if (words->m.len)
		record_encode(&words->r, &record, 0);
	words->m.len = 0;
	return builder_view(&words->r);
}

void say_record(struct words *words, uint8_t type, struct span fragment)
{
	struct record record = { type, 0x0303, fragment };
	words_said(words);
	record_encode(&words->r, &record, 0);
}

void say_alert(struct words *words, uint8_t level, uint8_t description)
{
	uint8_t alert[] = { level, description };
	say_record(words, CONTENT_ALERT, span_of(alert, sizeof(alert)));
}
