/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_case.h"

#include "probe/case_answer.h"
#include "rig_policy.h"
#include "script/builtin.h"

#define WANT_ONE_IN 4
#define WANT_LEAST  1024
#define WANT_STEP   512
#define WANT_STEPS  64
#define KEEP_MAX    ((size_t)4 << 20)
#define QUIET_MS    300
#define PAUSES	    4096

/* A case that was read is found by its name: itself, or the first of that name. */
static void check_names(const struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->cases_len; i++) {
		const char *name = catalogue->cases[i]->name;
		const struct conformance_case *found = catalogue_find(catalogue, span_text(name));
		CHECK(found && strcmp(found->name, name) == 0);
	}
	CHECK(!catalogue_find(catalogue, span_text("")));
}

/* Reads and formats with so little memory that it may end: that is a fault, and no other is new. */
static void read_in_want(struct span text)
{
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	struct text out;
	text_init(&out);
	arena_init(&arena, WANT_LEAST + text.len / WANT_ONE_IN % WANT_STEPS * WANT_STEP);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	enum fault fault = case_file_format(&out, &diags, "input", text);
	if (fault == FAULT_NONE)
		fault = catalogue_read(&catalogue, "input", text);
	if (fault == FAULT_NONE)
		fault = catalogue_link(&catalogue);
	harness_note_number(fault);
	text_release(&out);
	arena_release(&arena);
}

bool rig_case_format(struct text *out, struct span text)
{
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	arena_init(&arena, CASE_ARENA_MAX);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	enum fault fault = catalogue_read(&catalogue, "input", text);
	CHECK(fault != FAULT_INPUT || diags.errors > 0);
	bool formatted =
		fault == FAULT_NONE && case_file_format(out, &diags, "input", text) == FAULT_NONE;
	if (fault == FAULT_NONE)
		CHECK(catalogue_link(&catalogue) != FAULT_INPUT || diags.errors > 0);
	check_names(&catalogue);
	rig_diags_lie_within(&diags, text);
	arena_release(&arena);
	if (text.len % WANT_ONE_IN == 0)
		read_in_want(text);
	return formatted;
}

const struct conformance_case *rig_case(uint16_t choice)
{
	static struct arena arena;
	static struct diags diags;
	static struct catalogue catalogue;
	static bool ready;
	if (harness_once(&ready)) {
		arena_init(&arena, CASE_ARENA_MAX);
		diags_init(&diags, &arena);
		catalogue_init(&catalogue, &arena, &diags);
		for (size_t i = 0; i < builtin_cases_len; i++)
			CHECK(catalogue_read(&catalogue, builtin_cases[i].path,
					     builtin_cases[i].text) == FAULT_NONE);
		CHECK(catalogue_link(&catalogue) == FAULT_NONE);
		harness_prepared();
	}
	return catalogue.cases[choice % catalogue.cases_len];
}

static void send_all(struct exchange *exchange)
{
	for (struct span out = exchange_output(exchange); out.len;
	     out = exchange_output(exchange)) {
		harness_step();
		harness_note(out);
		exchange_sent(exchange, out.len);
	}
	exchange_shut(exchange);
}

static void hear(struct exchange *exchange, struct span peer, size_t chunk)
{
	while (peer.len && exchange->phase != EXCHANGE_DONE) {
		harness_step();
		size_t want = exchange_want(exchange), n = chunk < want ? chunk : want;
		n = n < peer.len ? n : peer.len;
		exchange_input(exchange, span_of(peer.at, n));
		peer = span_skip(peer, n);
		send_all(exchange);
	}
}

/* Pauses are passed over to when the exchange wants to be told the time. */
static void wait(struct exchange *exchange, uint64_t now_ms)
{
	for (size_t i = 0; exchange->phase != EXCHANGE_DONE; i++) {
		uint64_t due = exchange_due(exchange);
		CHECK(i < PAUSES);
		if (due == UINT64_MAX)
			return;
		now_ms = due > now_ms ? due : now_ms + 1;
		exchange_clock(exchange, now_ms);
		send_all(exchange);
	}
}

void rig_performance(const struct conformance_case *of, enum version version, struct span peer,
		     size_t chunk, uint8_t end)
{
	static struct exchange exchange;
	static const struct shape shape;
	const struct conduct conduct = { .setting = { .version = version, .seed = 1, .stream = 7 },
					 .quiet_ms = QUIET_MS,
					 .of = of };
	const struct probe probe = { .id = 7,
				     .kind = PROBE_CASE,
				     .purpose = PURPOSE_CASE,
				     .version = version,
				     .shape = &shape,
				     .upgrade = upgrade_by_name(span_text("tls")),
				     .conduct = &conduct };
	CHECK(exchange_start(&exchange, &probe, harness_arena(0, CASE_PROBE_ARENA_MAX),
			     harness_arena(1, KEEP_MAX)) == FAULT_NONE);
	exchange_clock(&exchange, 1);
	send_all(&exchange);
	hear(&exchange, peer, chunk);
	if (end & 0x80)
		wait(&exchange, 1);
	exchange_finish(&exchange, end % (EXCHANGE_UNREACHABLE + 1), "no route");
	CHECK(exchange.phase == EXCHANGE_DONE && exchange.observation.outcome != OUTCOME_NONE);
	harness_note_number(exchange.observation.outcome);
	harness_note_number(exchange.observation.alert);
	exchange_release(&exchange);
}
