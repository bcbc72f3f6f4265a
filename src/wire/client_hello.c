/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/client_hello.h"

#include "base/limits.h"
#include "registry/registry.h"

_Static_assert(EXTENSIONS_KNOWN <= 64, "one bit each in a uint64_t");

static const char *const words[] = {
#define X(name, word, text) word,
	LENIENCY_LIST(X)
#undef X
};

static const char *const texts[] = {
#define X(name, word, text) text,
	LENIENCY_LIST(X)
#undef X
};

const char *leniency_word(size_t index)
{
	return index < LENIENCIES_LEN ? words[index] : NULL;
}

const char *leniency_text(size_t index)
{
	return index < LENIENCIES_LEN ? texts[index] : NULL;
}

unsigned leniency_by_word(struct span word)
{
	for (size_t i = 0; i < LENIENCIES_LEN; i++) {
		if (span_is(word, words[i]))
			return 1u << i;
	}
	return span_is(word, "all") ? LENIENT_ALL : 0;
}

/* As many unknown types are compared one by one; GREASE brings two, real clients few more. */
#define RECENT_MAX 16

struct block {
	struct client_hello *hello;
	unsigned leniency;
	struct wire_error *error;
	uint64_t seen;
	size_t unknown_len;
	uint16_t unknown[RECENT_MAX];
};

/* `at` begins with the extension that is one too many. */
__attribute__((cold)) static bool refuse_at(const struct block *b, struct span at, const char *what)
{
	struct cursor in = cursor_over(at);
	return wire_refuse_value(b->error, &in, "extensions", what);
}

__attribute__((cold)) static bool refuse_duplicate(const struct block *b, struct span at)
{
	return (b->leniency & LENIENT_DUPLICATE_EXTENSIONS) ||
	       refuse_at(b, at, "has two extensions of one type");
}

static bool note_unknown(struct block *b, struct span at, uint16_t type)
{
	size_t known = b->unknown_len < RECENT_MAX ? b->unknown_len : RECENT_MAX;
	for (size_t i = 0; i < known; i++) {
		if (b->unknown[i] == type)
			return refuse_duplicate(b, at);
	}
	if (known < RECENT_MAX)
		b->unknown[known] = type;
	b->unknown_len++;
	return true;
}

/* Inlined with a constant decoder, so that every call is direct. */
static inline __attribute__((always_inline)) bool note_known(struct block *b, struct span at,
							     enum extension_id id, struct span data,
							     extension_decode *decode)
{
	uint64_t bit = (uint64_t)1 << id;
	if (b->seen & bit)
		return refuse_duplicate(b, at);
	b->seen |= bit;
	bool lenient = (b->leniency & LENIENT_EXTENSION_BODIES) != 0;
	if (decode(&b->hello->views[id], data, lenient ? NULL : b->error)) {
		b->hello->present |= bit;
		return true;
	}
	b->hello->malformed |= bit;
	return lenient;
}

static inline __attribute__((always_inline)) bool note_extension(struct block *b, struct span at,
								 uint16_t type, struct span data)
{
	switch (type) {
#define X(code, id, name)                                                                          \
	case code:                                                                                 \
		return note_known(b, at, EXTENSION_##id, data, name##_decode);
		EXTENSION_LIST(X)
#undef X
	default:
		return note_unknown(b, at, type);
	}
}

/* One bit for each type that there is: linear, whatever a peer sends. */
__attribute__((noinline)) static bool no_type_twice(const struct block *b, struct span extensions)
{
	uint8_t seen[65536 / 8] = { 0 };
	struct cursor list = cursor_over(extensions);
	struct extension_item item;
	struct cursor at = list;
	for (; extension_next(&list, &item); at = list) {
		uint8_t bit = (uint8_t)(1u << item.type % 8);
		if (seen[item.type / 8] & bit)
			return refuse_duplicate(b, span_of(at.base + at.at, cursor_left(&at)));
		seen[item.type / 8] |= bit;
	}
	return true;
}

__attribute__((cold)) static bool end_within(struct block *b, struct span rest)
{
	if (!(b->leniency & LENIENT_EXTENSIONS_TAIL)) {
		struct cursor in = cursor_over(rest);
		struct extension_item item;
		extension_next(&in, &item);
		return wire_refuse(b->error, &in, "extensions", "ends within an extension");
	}
	b->hello->extensions_tail = rest;
	b->hello->extensions.len -= rest.len;
	return true;
}

/* RFC 8446 4.2.11 */
static bool is_after_psk(const struct block *b)
{
	const uint64_t psk = (uint64_t)1 << EXTENSION_PRE_SHARED_KEY;
	return (b->seen & psk) && !(b->leniency & LENIENT_PSK_NOT_LAST);
}

static bool read_extensions(struct client_hello *out, unsigned leniency, struct wire_error *error)
{
	struct block b = { .hello = out, .leniency = leniency, .error = error };
	struct span rest = out->extensions;
	while (rest.len) {
		size_t len = rest.len < 4 ? rest.len : (size_t)(rest.at[2] << 8 | rest.at[3]);
		if (rest.len < 4 || len > rest.len - 4)
			break;
		if (is_after_psk(&b))
			return refuse_at(&b, rest, "goes on after pre_shared_key");
		out->extensions_len++;
		uint16_t type = (uint16_t)(rest.at[0] << 8 | rest.at[1]);
		if (!note_extension(&b, rest, type, span_of(rest.at + 4, len)))
			return false;
		rest = span_of(rest.at + 4 + len, rest.len - 4 - len);
	}
	bool whole = rest.len == 0 || end_within(&b, rest);
	return whole && (b.unknown_len <= RECENT_MAX || no_type_twice(&b, out->extensions));
}

/* Reads again, step by step, to name the field that fell short. */
__attribute__((cold)) static bool refuse_short(struct cursor body, struct wire_error *error)
{
	const char *field = "legacy_version";
	cursor_u16(&body);
	if (cursor_ok(&body)) {
		field = "random";
		cursor_take(&body, RANDOM_LEN);
	}
	if (cursor_ok(&body)) {
		field = "session_id";
		cursor_vec8(&body);
	}
	if (cursor_ok(&body)) {
		field = "cipher_suites";
		cursor_vec16(&body);
	}
	if (cursor_ok(&body)) {
		field = "compression_methods";
		cursor_vec8(&body);
	}
	if (cursor_ok(&body)) {
		field = "extensions";
		cursor_vec16(&body);
	}
	return wire_refuse(error, &body, field, "ends before it is complete");
}

static bool check_suites(struct client_hello *out, unsigned leniency, struct wire_error *error)
{
	struct cursor end = cursor_over(out->suites);
	end.at = end.len;
	if (out->suites.len % 2 != 0) {
		if (!(leniency & LENIENT_ODD_SUITES))
			return wire_refuse(error, &end, "cipher_suites", "has an odd length");
		out->suites_tail = span_of(out->suites.at + --out->suites.len, 1);
	}
	if (out->suites.len == 0 && !(leniency & LENIENT_EMPTY_SUITES))
		return wire_refuse(error, &end, "cipher_suites", "is empty");
	return true;
}

static bool check_compression(const struct client_hello *out, unsigned leniency,
			      struct wire_error *error)
{
	struct span methods = out->compression;
	struct cursor at = cursor_over(methods);
	if (methods.len == 0)
		return (leniency & LENIENT_EMPTY_COMPRESSION) ||
		       wire_refuse(error, &at, "compression_methods", "is empty");
	if (methods.at[0] == 0 || memchr(methods.at, 0, methods.len))
		return true;
	return (leniency & LENIENT_NO_NULL_COMPRESSION) ||
	       wire_refuse_value(error, &at, "compression_methods",
				 "does not have the null method");
}

static bool check_session_id(const struct client_hello *out, unsigned leniency,
			     struct wire_error *error)
{
	struct cursor at = cursor_over(out->session_id);
	return out->session_id.len <= SESSION_ID_MAX || (leniency & LENIENT_LONG_SESSION_ID) ||
	       wire_refuse(error, &at, "session_id", "is longer than 32 bytes");
}

static bool check_tail(struct client_hello *out, struct cursor body, unsigned leniency,
		       struct wire_error *error)
{
	if (cursor_left(&body) == 0)
		return true;
	if (!(leniency & LENIENT_TRAILING_BYTES))
		return wire_refuse(error, &body, "client_hello", "has bytes after its end");
	out->tail = cursor_rest(&body);
	return true;
}

/* Not through a compound literal: that would clear the views, half a kilobyte, every time. */
static void clear(struct client_hello *out)
{
	struct span none = { NULL, 0 };
	out->suites_tail = none;
	out->extensions = none;
	out->extensions_tail = none;
	out->tail = none;
	out->extensions_len = 0;
	out->present = 0;
	out->malformed = 0;
}

enum fault client_hello_decode(struct client_hello *out, struct cursor body, unsigned leniency,
			       struct wire_error *error)
{
	struct cursor start = body;
	if (error)
		*error = (struct wire_error){ .base = body.base };
	clear(out);
	out->legacy_version = cursor_u16(&body);
	out->random = cursor_take(&body, RANDOM_LEN);
	out->session_id = cursor_vec8(&body);
	out->suites = cursor_vec16(&body);
	out->compression = cursor_vec8(&body);

	/* Absent and empty differ on the wire, so the decoder keeps both. */
	out->has_extensions = cursor_left(&body) > 0;
	if (out->has_extensions)
		out->extensions = cursor_vec16(&body);

	bool whole = cursor_ok(&body) || refuse_short(start, error);
	if (!whole || !check_session_id(out, leniency, error) ||
	    !check_suites(out, leniency, error) || !check_compression(out, leniency, error) ||
	    !read_extensions(out, leniency, error) || !check_tail(out, body, leniency, error))
		return FAULT_MALFORMED;
	return FAULT_NONE;
}

struct span client_hello_host(const struct client_hello *hello)
{
	return server_name_host(client_hello_view(hello, EXTENSION_SERVER_NAME));
}

uint16_t client_hello_version(const struct client_hello *hello)
{
	struct span list = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	uint16_t highest = 0;
	if (!list.at)
		return hello->legacy_version;
	for (size_t i = 0; i < list_u16_len(list); i++) {
		uint16_t version = list_u16(list, i);
		if (!code_is_grease(version) && version > highest)
			highest = version;
	}
	return highest;
}
