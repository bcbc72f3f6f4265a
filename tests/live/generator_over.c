/* SPDX-License-Identifier: Apache-2.0 */
#include "live/generator.h"
#include "live/reading.h"

#include "base/limits.h"
#include "policies.h"

#include <criterion/criterion.h>

#define ROOTS 4096

/* A hello that names fields (RFC 7919), and none that anybody knows. */
static bool names_unknown_fields(const struct reading *reading)
{
	struct span groups = client_hello_view(&reading->hello, EXTENSION_SUPPORTED_GROUPS);
	bool named = false;
	for (size_t i = 0; i < list_u16_len(groups); i++) {
		uint16_t group = list_u16(groups, i);
		if (group >= 0x0100 && group <= 0x0104)
			return false;
		named = named || group >> 8 == 1;
	}
	return named;
}

/* Some probes are whole hellos in one record that is too long, so that a server may answer. */
Test(generator_over, some_records_are_too_long_and_whole)
{
	static const struct shape shape = { .server_name = "localhost" };
	static uint8_t bytes[GENERATED_MAX];
	struct arena arena, mutation, room;
	struct generator generator;
	size_t whole = 0, warned = 0, fields = 0;
	arena_init(&arena, 64 << 20);
	arena_init(&mutation, MUTATE_ARENA(GENERATED_MAX));
	arena_init(&room, 1 << 20);
	struct settings settings = policy_builtin(&arena, SINGLE);
	generator_init(&generator, 1, &settings, &shape, upgrade_by_name(span_text("tls")),
		       &mutation);
	for (uint32_t i = 0; i < ROOTS; i++) {
		const struct probe_index index = { .root = i };
		struct reading reading;
		size_t len = generator_make(&generator, &index, bytes);
		arena_clear(&room);
		cr_assert_leq(len, GENERATED_MAX);
		reading_of(&reading, span_of(bytes, len), &room);
		whole += reading.kind == READING_BROKEN && reading.rule == FORM_RECORD_OVERFLOW &&
			 !reading.cut_short && len > RECORD_PLAINTEXT_MAX;
		warned += reading.kind == READING_BROKEN && reading.rule == FORM_ALERT_FLOOD;
		fields += reading.kind == READING_HELLO && names_unknown_fields(&reading);
	}
	cr_assert_geq(whole, ROOTS / 512, "%zu", whole);
	cr_assert_geq(warned, ROOTS / 512, "%zu", warned);
	cr_assert_geq(fields, ROOTS / 1024, "%zu", fields);
	cr_assert_leq(whole, ROOTS / 64, "%zu", whole);
}
