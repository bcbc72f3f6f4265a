/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "differ.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/hello_input.h"
#include "wire/record.h"
#include "wire/stream.h"

/* A hello under reassembly. */
struct walk {
	struct differ_hello *out;
	struct arena *arena;
	uint8_t *bytes;
	size_t len, cap;
	bool done;
};

static void append(struct walk *w, struct span fragment)
{
	if (!w->len) {
		/* Not written to while it is a view: the next fragment copies it. */
		w->out->message = fragment;
		w->len = fragment.len;
		return;
	}
	if (w->len + fragment.len > w->cap) {
		w->cap = 2 * (w->len + fragment.len);
		uint8_t *bytes = arena_alloc(w->arena, w->cap);
		CHECK(bytes);
		memcpy(bytes, w->out->message.at, w->len);
		w->bytes = bytes;
	}
	memcpy(w->bytes + w->len, fragment.at, fragment.len);
	w->len += fragment.len;
	w->out->message = span_of(w->bytes, w->len);
}

static void look(struct walk *w)
{
	struct span have = w->out->message;
	struct cursor c = cursor_over(have);
	bool other = cursor_u8(&c) != HANDSHAKE_CLIENT_HELLO;
	size_t len = cursor_u24(&c);
	if (!cursor_ok(&c))
		return;
	bool large = len > HANDSHAKE_MESSAGE_MAX || w->out->records_len > HELLO_RECORDS_MAX;
	if (large)
		w->out->flaws |= FLAW(TOO_LARGE);
	if (have.len < HANDSHAKE_HEADER_LEN + len)
		return;
	if (other)
		w->out->flaws |= FLAW(NOT_A_HELLO);
	w->out->message = span_of(have.at, HANDSHAKE_HEADER_LEN + len);
	w->out->behind = span_skip(have, HANDSHAKE_HEADER_LEN + len);
	w->done = true;
}

/* Any header is followed, so that what a laxer reader may see behind it is seen here too. */
static void walk_records(struct walk *w, struct cursor in)
{
	while (!w->done) {
		uint8_t type = cursor_u8(&in), major = cursor_u8(&in);
		cursor_u8(&in);
		struct span fragment = cursor_vec16(&in);
		if (!cursor_ok(&in))
			break;
		if (!w->out->records_len++ || major < w->out->lowest_major)
			w->out->lowest_major = major;
		if (major != 3)
			w->out->flaws |= FLAW(RECORD_VERSION);
		if (fragment.len > RECORD_PLAINTEXT_MAX)
			w->out->flaws |= FLAW(RECORD_LONG);
		if (type != CONTENT_HANDSHAKE) {
			w->out->flaws |= FLAW(RECORD_TYPE);
			w->out->others_are_empty_ccs &=
				type == CONTENT_CHANGE_CIPHER_SPEC && !fragment.len;
		} else if (!fragment.len) {
			w->out->flaws |= FLAW(RECORD_EMPTY);
		} else {
			append(w, fragment);
			look(w);
		}
	}
	if (!w->done)
		w->out->flaws |= FLAW(NOT_WHOLE);
}

static void note_repeats(struct differ_hello *out)
{
	uint8_t seen[65536 / 8] = { 0 };
	bool psk = false;
	struct cursor block = cursor_over(out->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		bool known = extension_id_of(item.type) != EXTENSION_UNKNOWN;
		uint8_t bit = (uint8_t)(1u << item.type % 8);
		if (seen[item.type / 8] & bit)
			out->flaws |= known ? FLAW(TWICE_KNOWN) : FLAW(TWICE_UNKNOWN);
		seen[item.type / 8] |= bit;
		if (psk)
			out->flaws |= FLAW(PSK_NOT_LAST);
		psk = psk || item.type == EXT_PRE_SHARED_KEY;
	}
}

static void note_flaws(struct differ_hello *out)
{
	const struct client_hello *hello = &out->hello;
	uint64_t flaws = 0;
	flaws |= hello->session_id.len > SESSION_ID_MAX ? FLAW(SESSION_ID) : 0;
	flaws |= hello->suites_tail.len ? FLAW(SUITES_ODD) : 0;
	flaws |= hello->suites.len ? 0 : FLAW(SUITES_EMPTY);
	if (!hello->compression.len)
		flaws |= FLAW(COMPRESSION_EMPTY);
	else if (!memchr(hello->compression.at, 0, hello->compression.len))
		flaws |= FLAW(COMPRESSION_NO_NULL);
	flaws |= hello->tail.len ? FLAW(TAIL) : 0;
	flaws |= hello->extensions_tail.len ? FLAW(EXTENSIONS_TAIL) : 0;
	out->flaws |= flaws | hello->malformed << FLAWS_LEN;
	note_repeats(out);
}

static void read_hello(struct differ_hello *out)
{
	struct client_hello strict;
	struct span body = span_skip(out->message, HANDSHAKE_HEADER_LEN);
	out->readable = client_hello_decode(&out->hello, cursor_over(body), LENIENT_ALL, NULL) ==
			FAULT_NONE;
	uint64_t before = out->flaws;
	if (out->readable)
		note_flaws(out);
	else
		out->flaws |= FLAW(SHORT);
	bool accepted = client_hello_decode(&strict, cursor_over(body), STRICT, NULL) == FAULT_NONE;
	CHECK(accepted == (out->flaws == before));
}

static void check_other_readers(const struct differ_hello *out, struct span bytes,
				struct arena *arena)
{
	struct hello_input in;
	struct wire_error error;
	struct stream stream;
	struct stream_event event;
	bool accepted = hello_input_read(&in, bytes, STRICT, arena, &error) == FAULT_NONE;
	CHECK(accepted == !out->flaws);
	if (!accepted)
		return;
	CHECK(span_equal(in.message, out->message) && span_equal(in.after, out->behind));
	stream_init(&stream, arena, false);
	stream_feed(&stream, bytes);
	stream_next(&stream, &event);
	CHECK(event.kind == STREAM_HANDSHAKE && span_equal(event.whole, out->message));
}

static void read_sslv2(struct differ_hello *out, struct cursor in)
{
	size_t len = cursor_u16(&in) & 0x7FFF;
	struct span body = cursor_take(&in, len);
	out->sslv2 = true;
	if (!cursor_ok(&in))
		out->flaws |= FLAW(NOT_WHOLE);
	else if (sslv2_client_hello_decode(&out->v2, cursor_over(body)) != FAULT_NONE)
		out->flaws |= FLAW(SSLV2_FORM);
	out->message = body;
}

void differ_read(struct differ_hello *out, struct span bytes, struct arena *arena)
{
	*out = (struct differ_hello){ .others_are_empty_ccs = true };
	struct walk w = { .out = out, .arena = arena };
	if (bytes.len && (bytes.at[0] & 0x80) != 0) {
		read_sslv2(out, cursor_over(bytes));
		return;
	}
	walk_records(&w, cursor_over(bytes));
	if (w.done && !(out->flaws & FLAW(NOT_A_HELLO)))
		read_hello(out);
	/* Other first bytes are other forms to hello_input. */
	if (bytes.len && bytes.at[0] == CONTENT_HANDSHAKE)
		check_other_readers(out, bytes, arena);
}

struct span differ_body(const struct differ_hello *hello, uint16_t type)
{
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item item;
	while (hello->readable && extension_next(&block, &item)) {
		if (item.type == type)
			return item.data;
	}
	return span_of(NULL, 0);
}

bool differ_body_is(const struct differ_hello *hello, uint16_t type, const void *bytes, size_t len)
{
	return span_equal(differ_body(hello, type), span_of(bytes, len));
}
