/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_hello.h"

#include "base/limits.h"
#include "harness.h"
#include "unseen.h"
#include "wire/handshake.h"
#include "wire/hello_draft.h"

UNSEEN_BEGIN

#define FIXED_LEN 34 /* legacy_version and random */
#define ARENA_MAX ((size_t)8 << 20)

static size_t number(struct span bytes, size_t at, size_t width)
{
	size_t value = 0;
	for (size_t i = 0; i < width; i++)
		value = value << 8 | bytes.at[at + i];
	return value;
}

/* Extensions of four bytes and what they announce, to the last byte. */
static void extensions_add_up(struct span block)
{
	size_t at = 0;
	while (at < block.len) {
		CHECK(block.len - at >= 4);
		at += 4 + number(block, at + 2, 2);
	}
	CHECK(at == block.len);
}

void oracle_hello_adds_up(const struct client_hello *hello, struct span body)
{
	size_t at = FIXED_LEN;
	CHECK(body.len > at && hello->random.at == body.at + 2);
	CHECK(body.at[at] <= SESSION_ID_MAX && hello->session_id.len == body.at[at]);
	at += 1 + body.at[at];
	CHECK(hello->suites.len == number(body, at, 2) && hello->suites.len % 2 == 0);
	at += 2 + hello->suites.len;
	CHECK(hello->compression.len == body.at[at] && hello->compression.len > 0);
	at += 1 + hello->compression.len;
	CHECK(hello->has_extensions == (at < body.len));
	if (hello->has_extensions) {
		CHECK(hello->extensions.len == number(body, at, 2));
		at += 2 + hello->extensions.len;
		extensions_add_up(hello->extensions);
	}
	CHECK(at == body.len && hello->tail.len == 0 && hello->extensions_tail.len == 0);
	CHECK(hello->malformed == 0);
}

void oracle_hello_written_again(const struct client_hello *hello, struct span body)
{
	static uint8_t bytes[HARNESS_INPUT_MAX + 64];
	struct arena *arena = harness_arena(0, ARENA_MAX);
	struct hello_draft draft;
	struct builder b;
	CHECK(hello_draft_of(&draft, hello, 0x0301, arena) == FAULT_NONE);
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	hello_draft_message(&b, &draft);
	CHECK(builder_fault(&b) == FAULT_NONE);
	CHECK(span_equal(span_skip(builder_view(&b), HANDSHAKE_HEADER_LEN), body));
}

/* Most of the time both looked at one message: then the same bytes are at the same place. */
static bool is_same(struct span a, struct span b)
{
	return (a.at == b.at && a.len == b.len) || span_equal(a, b);
}

void oracle_hello_same(const struct client_hello *a, const struct client_hello *b)
{
	CHECK(a->legacy_version == b->legacy_version && a->present == b->present);
	CHECK(is_same(a->random, b->random) && is_same(a->session_id, b->session_id));
	CHECK(is_same(a->suites, b->suites) && is_same(a->compression, b->compression));
	CHECK(a->has_extensions == b->has_extensions && is_same(a->extensions, b->extensions));
	CHECK(a->extensions_len == b->extensions_len && a->malformed == b->malformed);
	for (enum extension_id id = 0; id < EXTENSIONS_KNOWN; id++)
		CHECK(is_same(client_hello_view(a, id), client_hello_view(b, id)));
}

void oracle_hello_note(const struct client_hello *hello)
{
	harness_note(hello->session_id);
	harness_note(hello->suites);
	harness_note_number(hello->present);
	for (enum extension_id id = 0; id < EXTENSIONS_KNOWN; id++) {
		if (client_hello_has(hello, id))
			harness_note(hello->views[id]);
	}
}

void oracle_leniency(unsigned leniency)
{
	for (size_t i = 0; i < LENIENCIES_LEN; i++) {
		const char *word = leniency_word(i);
		if (leniency >> i & 1)
			CHECK(leniency_by_word(span_text(word)) == 1u << i && leniency_text(i)[0]);
	}
	CHECK(!leniency_word(LENIENCIES_LEN) && !leniency_text(LENIENCIES_LEN));
	CHECK(leniency_by_word(span_text("all")) == LENIENT_ALL);
}

UNSEEN_END
