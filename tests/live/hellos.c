/* SPDX-License-Identifier: Apache-2.0 */
#include "hellos.h"

#include <criterion/criterion.h>

#include "base/builder.h"
#include "base/hex.h"

#define BYTES_MAX 4096

static void put(struct builder *b, const char *hex)
{
	uint8_t bytes[BYTES_MAX];
	size_t len = 0, fell;
	cr_assert_eq(hex_decode(bytes, sizeof(bytes), &len, span_text(hex), &fell), FAULT_NONE,
		     "%s", hex);
	builder_bytes(b, "bytes", span_of(bytes, len));
}

static void put_list(struct builder *b, uint8_t width, const char *hex)
{
	struct prefix prefix = builder_open(b, "list", width);
	put(b, hex);
	builder_close(b, prefix, 0);
}

static struct reading read_bytes(struct arena *arena, const struct builder *b)
{
	struct reading out;
	cr_assert_eq(builder_fault(b), FAULT_NONE);
	reading_of(&out, arena_copy(arena, builder_view(b)), arena);
	return out;
}

struct reading stream_read(struct arena *arena, const char *hex)
{
	uint8_t room[BYTES_MAX];
	struct builder b;
	builder_init(&b, room, sizeof(room), NULL, 0);
	put(&b, hex);
	return read_bytes(arena, &b);
}

struct reading hello_read(struct arena *arena, struct hello_parts parts)
{
	static const uint8_t random[32] = { 1 };
	uint8_t room[BYTES_MAX];
	struct builder b;
	builder_init(&b, room, sizeof(room), NULL, 0);
	put(&b, parts.front ? parts.front : "");
	builder_u8(&b, "type", 22);
	builder_u16(&b, "version", parts.record ? parts.record : 0x0301);
	struct prefix record = builder_open(&b, "record", 2);
	builder_u8(&b, "type", 1);
	struct prefix message = builder_open(&b, "message", 3);
	builder_u16(&b, "version", parts.version ? parts.version : 0x0303);
	builder_bytes(&b, "random", span_of(random, sizeof(random)));
	put_list(&b, 1, parts.session_id ? parts.session_id : "");
	put_list(&b, 2, parts.suites ? parts.suites : "c02f");
	put_list(&b, 1, parts.compression ? parts.compression : "00");
	if (parts.extensions)
		put_list(&b, 2, parts.extensions);
	builder_close(&b, message, 0);
	builder_close(&b, record, 0);
	return read_bytes(arena, &b);
}

struct reading probe_read(struct arena *arena, const struct shape *shape, enum version version,
			  const uint16_t *suites, size_t len)
{
	uint8_t *bytes = arena_alloc(arena, PROBE_HELLO_MAX);
	struct reading reading;
	struct probe probe = {
		.id = 1,
		.version = version,
		.shape = shape,
		.upgrade = upgrade_by_name(span_text("tls")),
	};
	struct builder b;
	for (size_t i = 0; i < len; i++)
		probe.suites[probe.suites_len++] = suites[i];
	builder_init(&b, bytes, PROBE_HELLO_MAX, NULL, 0);
	probe_encode(&b, &probe, NULL);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	reading_of(&reading, builder_view(&b), arena);
	return reading;
}
