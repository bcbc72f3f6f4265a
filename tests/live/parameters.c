/* SPDX-License-Identifier: Apache-2.0 */
#include "live/parameters.h"

#include "registry/registry.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"
#include "wire/record.h"

#include <criterion/criterion.h>

#define ARENA_MAX ((size_t)64 << 20)

static const struct shape shape = { .server_name = "db.example" };

static struct hello_subject subject_of(enum version version)
{
	return (struct hello_subject){
		.version = version,
		.suite = version == TLS1_3 ? 0x1301 : 0xC014,
		.others = { 0x0005, 0x000A, 0x0035, 0x009C },
		.others_len = 4,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text("tls")),
		.seed = 7,
	};
}

static void build(struct hello_form *out, const struct hello_parameters *parameters,
		  const uint8_t *row, const struct hello_subject *subject, struct arena *arena)
{
	cr_assert_eq(parameters_build(out, parameters, row, subject, 3, arena), FAULT_NONE);
}

/* The control that an endpoint accepts and the row without a difference are one hello. */
Test(parameters, the_usual_row_is_the_hello_of_a_probe)
{
	for (enum version version = TLS1_0; version <= TLS1_3; version++) {
		const struct hello_subject subject = subject_of(version);
		const uint8_t row[COVERING_PARAMETERS_MAX] = { 0 };
		uint8_t bytes[PROBE_HELLO_MAX];
		struct hello_parameters parameters;
		struct hello_form form;
		struct builder b;
		struct arena arena;
		struct probe probe = {
			.id = 3,
			.kind = PROBE_HELLO,
			.version = version,
			.suites = { subject.suite },
			.suites_len = 1,
			.shape = &shape,
			.upgrade = subject.upgrade,
			.seed = subject.seed,
		};
		arena_init(&arena, ARENA_MAX);
		parameters_init(&parameters, &subject);
		build(&form, &parameters, row, &subject, &arena);
		builder_init(&b, bytes, sizeof(bytes), NULL, 0);
		probe_encode(&b, &probe, NULL);
		cr_assert(span_equal(form.bytes, builder_view(&b)), "%s", version_name(version));
		cr_assert_eq(form.cut, 0);
		arena_release(&arena);
	}
}

/* The records of a form hold its message, whole, and none is empty. */
static size_t records_hold(const struct hello_form *form)
{
	struct cursor c = cursor_over(form->bytes);
	size_t at = 0, records = 0;
	for (; cursor_left(&c); records++) {
		cr_assert_eq(cursor_u8(&c), CONTENT_HANDSHAKE);
		cr_assert_eq(cursor_u16(&c) >> 8, 3);
		struct span fragment = cursor_vec16(&c);
		cr_assert(cursor_ok(&c) && fragment.len);
		cr_assert_leq(at + fragment.len, form->message.len);
		cr_assert_arr_eq(form->message.at + at, fragment.at, fragment.len);
		at += fragment.len;
	}
	cr_assert_eq(at, form->message.len);
	return records;
}

/* What the subject asks for is asked for in every row, and the hello is a sound one. */
static void asks_for(const struct hello_form *form, const struct hello_subject *subject)
{
	struct client_hello hello;
	struct cursor body = cursor_over(span_skip(form->message, HANDSHAKE_HEADER_LEN));
	cr_assert_eq(client_hello_decode(&hello, body, 0, NULL), FAULT_NONE);
	cr_assert(list_u16_has(hello.suites, subject->suite));
	cr_assert(client_hello_has(&hello, EXTENSION_SUPPORTED_GROUPS));
	cr_assert(client_hello_has(&hello, EXTENSION_SIGNATURE_ALGORITHMS));
	cr_assert(memchr(hello.compression.at, 0, hello.compression.len));
	enum version legacy = subject->version == TLS1_3 ? TLS1_2 : subject->version;
	cr_assert_eq(hello.legacy_version, version_code(legacy));
	if (subject->version == TLS1_3)
		cr_assert(client_hello_has(&hello, EXTENSION_SUPPORTED_VERSIONS));
}

Test(parameters, every_row_of_an_array_is_a_sound_hello)
{
	for (enum version version = TLS1_0; version <= TLS1_3; version++) {
		const struct hello_subject subject = subject_of(version);
		struct hello_parameters parameters;
		struct covering_array array;
		struct hello_form form;
		struct arena arena;
		arena_init(&arena, ARENA_MAX);
		parameters_init(&parameters, &subject);
		cr_assert_eq(covering_build(&array, &parameters.model, 2, &arena), FAULT_NONE);
		for (size_t i = 0; i < array.rows_len; i++) {
			build(&form, &parameters, covering_row(&array, i), &subject, &arena);
			records_hold(&form);
			asks_for(&form, &subject);
		}
		arena_release(&arena);
	}
}

static void value(const struct hello_parameters *parameters, uint8_t *row, const char *name,
		  const char *level)
{
	for (size_t i = 0; i < parameters->len; i++) {
		if (strcmp(parameters->items[i]->name, name) != 0)
			continue;
		for (uint8_t k = 0; k < parameters->levels[i]; k++)
			if (strcmp(parameters->items[i]->levels[k], level) == 0)
				row[i] = k;
	}
}

/* A level that changes no byte would be asked for nothing. What is usual in TLS 1.3 is ascending,
 * so that the order shows only with an extension more. */
Test(parameters, every_value_makes_another_hello)
{
	for (enum version version = TLS1_0; version <= TLS1_3; version++) {
		const struct hello_subject subject = subject_of(version);
		struct hello_parameters parameters;
		struct arena arena;
		arena_init(&arena, ARENA_MAX);
		parameters_init(&parameters, &subject);
		for (size_t i = 0; i < parameters.len; i++) {
			struct hello_form forms[PARAMETER_LEVELS_MAX];
			for (uint8_t level = 0; level < parameters.levels[i]; level++) {
				uint8_t row[COVERING_PARAMETERS_MAX] = { 0 };
				value(&parameters, row, "unknown_extension", "first");
				row[i] = level;
				build(&forms[level], &parameters, row, &subject, &arena);
				records_hold(&forms[level]);
				asks_for(&forms[level], &subject);
			}
			for (uint8_t a = 1; a < parameters.levels[i]; a++)
				for (uint8_t b = 0; b < a; b++)
					cr_expect(!span_equal(forms[a].bytes, forms[b].bytes) ||
							  forms[a].cut != forms[b].cut,
						  "%s %s: %s, %s", version_name(version),
						  parameters.items[i]->name,
						  parameters.items[i]->levels[a],
						  parameters.items[i]->levels[b]);
		}
		arena_release(&arena);
	}
}

Test(parameters, say_what_they_are)
{
	const struct hello_subject subject = subject_of(TLS1_2);
	struct hello_parameters parameters;
	struct hello_form form;
	struct arena arena;
	struct text text;
	uint8_t row[COVERING_PARAMETERS_MAX] = { 0 };
	arena_init(&arena, ARENA_MAX);
	text_init(&text);
	parameters_init(&parameters, &subject);
	parameters_put(&text, &parameters, row);
	text_put(&text, "; ");
	value(&parameters, row, "padding", "512");
	value(&parameters, row, "fragmentation", "32-bytes");
	parameters_put(&text, &parameters, row);
	text_put(&text, "; ");
	value(&parameters, row, "suites", "last");
	parameters_put(&text, &parameters, row);
	cr_expect_str_eq(text_view(&text),
			 "the usual hello; padding=512 and fragmentation=32-bytes; suites=last, "
			 "padding=512 and fragmentation=32-bytes");
	build(&form, &parameters, row, &subject, &arena);
	cr_expect_eq(form.message.len, 512);
	cr_expect_eq(records_hold(&form), 16);
	text_release(&text);
	arena_release(&arena);
}

/* Without a name there is none to leave out, and without other suites no place among them. */
Test(parameters, what_cannot_differ_is_no_parameter)
{
	struct hello_subject subject = subject_of(TLS1_2);
	struct hello_parameters all, fewer;
	const struct shape bare = { .server_name = NULL };
	parameters_init(&all, &subject);
	subject.shape = &bare;
	subject.others_len = 0;
	parameters_init(&fewer, &subject);
	cr_expect_eq(fewer.len + 2, all.len);
}
