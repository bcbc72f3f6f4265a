/* SPDX-License-Identifier: Apache-2.0 */
#include "live/features.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "hellos.h"

static struct arena arena;
static struct reading control;

static void begin(void)
{
	arena_init(&arena, 1 << 24);
	control = hello_read(&arena,
			     (struct hello_parts){ .suites = "c02fc030", .extensions = USUAL_12 });
}

static void end(void)
{
	arena_release(&arena);
}

TestSuite(features, .init = begin, .fini = end);

static struct features of(struct hello_parts parts)
{
	struct features out;
	struct reading reading = hello_read(&arena, parts);
	features_of(&out, &reading, &control, false);
	return out;
}

static void phrase_is(const char *phrase, const struct features *features)
{
	struct text text;
	text_init(&text);
	features_put(&text, features);
	cr_assert_str_eq(text_view(&text), phrase);
	text_release(&text);
}

static void says(const char *phrase, struct hello_parts parts)
{
	struct features features = of(parts);
	phrase_is(phrase, &features);
}

#define HELLO(...) ((struct hello_parts){ .suites = "c02fc030", __VA_ARGS__ })
#define ONE(...)   ((struct hello_parts){ .extensions = USUAL_12, __VA_ARGS__ })

Test(features, each_difference_has_words)
{
	says("extension padding", HELLO(.extensions = USUAL_12 "00150000"));
	says("extension 0x9999", HELLO(.extensions = USUAL_12 "99990000"));
	says("a GREASE value", HELLO(.extensions = USUAL_12 "fafa0000"));
	says("no server_name", HELLO(.extensions = SECRET SECURE GROUPS SCHEMES));
	says("no extensions at all", HELLO(.version = 0x0303));
	says("only TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 and server_name as the first extension",
	     ONE(.suites = "c02f"));
	says("suite TLS_FALLBACK_SCSV", ONE(.suites = "c02fc0305600"));
	says("a suite that is not assigned", ONE(.suites = "c02fc030fe99"));
	says("a session id", ONE(.suites = "c02fc030", .session_id = "01"));
	says("a compression method beside null", ONE(.suites = "c02fc030", .compression = "0100"));
	says("record version 0x0303", ONE(.suites = "c02fc030", .record = 0x0303));
	says("client_version 0x0302", ONE(.suites = "c02fc030", .version = 0x0302));
	says("a warning alert in front", ONE(.suites = "c02fc030", .front = "15030100020164"));
	says("group secp384r1",
	     HELLO(.extensions = NAME SECRET SECURE SCHEMES "000a00080006001d00170018"));
	says("a session id and a compression method beside null",
	     ONE(.suites = "c02fc030", .session_id = "01", .compression = "0100"));
}

Test(features, order_and_size_count_where_nothing_else_differs)
{
	says("server_name as the first extension", HELLO(.extensions = USUAL_12));
	says("an empty extension at the end and server_name as the first extension",
	     HELLO(.extensions = NAME SECURE GROUPS SCHEMES SECRET));
}

Test(features, segments_count_even_of_what_is_no_hello)
{
	struct features out;
	struct reading partial = stream_read(&arena, "1603");
	features_of(&out, &partial, &control, true);
	phrase_is("more than one TCP segment", &out);
	features_of(&out, &partial, &control, false);
	cr_assert_eq(out.len, 0);
}

Test(features, what_shrinking_takes_away_is_no_cause_beside_something_else)
{
	struct features both =
		of((struct hello_parts){ .suites = "c02f", .extensions = SECURE "00150000" });
	cr_assert(features_have_gain(&both));
	features_reduce(&both, false);
	phrase_is("extension padding", &both);

	struct features loss = of((struct hello_parts){ .suites = "c02f", .extensions = SECURE });
	cr_assert_not(features_have_gain(&loss));
	features_reduce(&loss, false);
	phrase_is("no server_name, no supported_groups, no signature_algorithms and no "
		  "extended_master_secret",
		  &loss);

	struct features suites =
		of((struct hello_parts){ .suites = "c02f", .extensions = SECURE "00150000" });
	features_reduce(&suites, true);
	phrase_is("only TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", &suites);
}

Test(features, one_cause_is_within_what_has_it)
{
	struct features padding = of(HELLO(.extensions = USUAL_12 "00150000"));
	struct features more = of(HELLO(.extensions = USUAL_12 "00150000", .session_id = "01"));
	struct features none = { .len = 0 };
	cr_assert(features_within(&padding, &more));
	cr_assert(features_within(&padding, &padding));
	cr_assert_not(features_within(&more, &padding));
	cr_assert_not(features_within(&none, &more));
	cr_assert_not(features_within(&padding, &none));
}

Test(features, more_than_there_is_room_for_is_left_out)
{
	char block[8 * 200 + 1] = "";
	for (unsigned i = 0; i < 200; i++)
		snprintf(block + 8 * (size_t)i, 9, "%04x0000", 0x9000 + i);
	struct features out = of((struct hello_parts){ .extensions = block });
	cr_assert_eq(out.len, FEATURES_MAX);
	for (size_t i = 1; i < out.len; i++)
		cr_assert_lt(out.codes[i - 1], out.codes[i]);
}
