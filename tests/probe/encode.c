/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "crypto/key_exchange.h"
#include "probe/probe.h"
#include "registry/registry.h"
#include "wire/client_hello.h"
#include "wire/sslv2.h"

#include <criterion/criterion.h>

static struct probe probe_of(enum version version, const struct shape *shape, size_t suites)
{
	struct probe probe = {
		.id = 11,
		.version = version,
		.suites_len = suites,
		.shape = shape,
		.upgrade = upgrade_by_name(span_text("tls")),
		.seed = 5,
	};
	for (size_t i = 0; i < suites; i++)
		probe.suites[i] = (uint32_t)(0xC02F + i);
	return probe;
}

struct encoded {
	uint8_t bytes[PROBE_HELLO_MAX];
	struct field fields[PROBE_FIELDS_MAX];
	struct builder b;
};

static struct span encode(struct encoded *out, const struct probe *probe, const struct retry *retry)
{
	builder_init(&out->b, out->bytes, sizeof(out->bytes), out->fields, PROBE_FIELDS_MAX);
	probe_encode(&out->b, probe, retry);
	cr_assert_eq(builder_fault(&out->b), FAULT_NONE);
	return builder_view(&out->b);
}

/* Finds an extension in a well-formed hello; `at` is NULL when there is none. */
static struct span extension(struct span record, uint16_t wanted)
{
	struct cursor c = cursor_over(record);
	cursor_take(&c, 5 + 4 + 2 + RANDOM_LEN);
	cursor_vec8(&c);
	cursor_vec16(&c);
	cursor_vec8(&c);
	struct cursor list = cursor_over(cursor_vec16(&c));
	cr_assert(cursor_left(&c) == 0);
	struct span found = span_of(NULL, 0);
	while (cursor_left(&list)) {
		uint16_t type = cursor_u16(&list);
		struct span body = cursor_vec16(&list);
		if (type == wanted)
			found = body.len ? body : span_of("", 0);
	}
	cr_assert(cursor_ok(&list));
	return found;
}

static const struct shape plain, named = { .server_name = "db.example", .ffdhe_groups = true },
				 bare = { .bare = true };

Test(encode, every_version_offers_exactly_itself)
{
	static struct encoded out;
	static const uint16_t codes[] = { 0x0300, 0x0301, 0x0302, 0x0303, 0x0303 };
	for (int version = SSLV3; version <= TLS1_3; version++) {
		struct probe probe = probe_of((enum version)version, &plain, 1);
		struct span record = encode(&out, &probe, NULL);
		struct cursor c = cursor_over(record);
		cr_assert_eq(cursor_u8(&c), 22);
		cr_assert_eq(cursor_u16(&c), version == SSLV3 ? 0x0300 : 0x0301);
		cr_assert_eq(cursor_u16(&c), record.len - 5);
		cr_assert_eq(cursor_u8(&c), 1);
		cr_assert_eq(cursor_u24(&c), record.len - 9);
		cr_assert_eq(cursor_u16(&c), codes[version - SSLV3]);
		cursor_take(&c, RANDOM_LEN);
		cr_assert_eq(cursor_vec8(&c).len, version == TLS1_3 ? 32 : 0);
		cr_assert(span_equal(cursor_vec16(&c), span_of("\xC0\x2F", 2)));
		cr_assert(span_equal(cursor_vec8(&c), span_of("\0", 1)));
		struct span versions = extension(record, EXT_SUPPORTED_VERSIONS);
		cr_assert(span_equal(versions, span_of("\2\3\4", version == TLS1_3 ? 3 : 0)));
		cr_assert_not_null(extension(record, EXT_SIGNATURE_ALGORITHMS).at);
	}
}

Test(encode, strict_decoding_accepts_every_version_and_shape)
{
	static struct encoded out;
	const struct shape *shapes[] = { &plain, &named, &bare };
	struct retry retry = { .group = GROUP_SECP521R1, .cookie = span_text("milk") };
	for (int version = SSLV3; version <= TLS1_3; version++)
		for (size_t i = 0; i < 6; i++) {
			struct probe probe = probe_of((enum version)version, shapes[i % 3], 2);
			bool retried = version == TLS1_3 && i >= 3;
			struct span record = encode(&out, &probe, retried ? &retry : NULL);
			struct client_hello hello;
			struct cursor body = cursor_over(span_skip(record, 9));
			cr_assert_eq(client_hello_decode(&hello, body, STRICT, NULL), FAULT_NONE);
			cr_assert_eq(client_hello_version(&hello), version_code(probe.version));
			cr_assert_eq(hello.has_extensions,
				     !shapes[i % 3]->bare || version == TLS1_3);
		}
}

Test(encode, seed_and_id_make_the_random_bytes)
{
	static struct encoded a, b;
	struct probe probe = probe_of(TLS1_3, &plain, 3);
	cr_assert(span_equal(encode(&a, &probe, NULL), encode(&b, &probe, NULL)));
	probe.id++;
	cr_assert_not(span_equal(builder_view(&a.b), encode(&b, &probe, NULL)), "another id");
	probe.id--;
	probe.seed++;
	cr_assert_not(span_equal(builder_view(&a.b), encode(&b, &probe, NULL)), "another seed");
}

Test(encode, suites_stand_in_the_order_given)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_2, &plain, PROBE_SUITES_MAX);
	probe.suites[0] = 0x00FF;
	struct span record = encode(&out, &probe, NULL);
	cr_assert_eq(record.at[44] << 8 | record.at[45], 2 * PROBE_SUITES_MAX);
	cr_assert_eq(record.at[47], 0xFF);
	cr_assert_eq(record.at[49], 0x30);
}

Test(encode, a_bare_hello_signals_renegotiation_by_a_suite)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_2, &bare, 1);
	struct span record = encode(&out, &probe, NULL);
	cr_assert_eq(record.len, 5 + 4 + 2 + 32 + 1 + 2 + 4 + 2);
	cr_assert(span_equal(span_of(record.at + 44, 8),
			     span_of("\x00\x04\xC0\x2F\x00\xFF\x01\x00", 8)));
}

Test(encode, the_shape_decides_about_names_and_ffdhe_groups)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_2, &plain, 1);
	struct span record = encode(&out, &probe, NULL);
	cr_assert_null(extension(record, EXT_SERVER_NAME).at);
	cr_assert_null(extension(record, EXT_ALPN).at);
	struct span groups = extension(record, EXT_SUPPORTED_GROUPS);
	cr_assert(span_equal(span_of(groups.at + 2, 4), span_of("\x00\x1D\x00\x17", 4)));
	cr_assert_neq(groups.at[groups.len - 2], 1);
	probe.shape = &named;
	record = encode(&out, &probe, NULL);
	cr_assert(span_equal(extension(record, EXT_SERVER_NAME), span_of("\0\x0D\0\0\x0A"
									 "db.example",
									 15)));
	groups = extension(record, EXT_SUPPORTED_GROUPS);
	cr_assert(span_equal(span_skip(groups, groups.len - 2), span_of("\x01\x04", 2)));
}

Test(encode, direct_tls_offers_the_protocol_it_leads_to)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_2, &plain, 1);
	probe.upgrade = upgrade_by_name(span_text("postgresql-direct"));
	struct span alpn = extension(encode(&out, &probe, NULL), EXT_ALPN);
	cr_assert(span_equal(alpn, span_of("\0\x0B\x0Apostgresql", 13)));
}

Test(encode, tls13_shares_two_fixed_points)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_3, &plain, 1);
	struct span shares = extension(encode(&out, &probe, NULL), EXT_KEY_SHARE);
	cr_assert_eq(shares.len, 2 + 4 + 32 + 4 + 65);
	cr_assert(span_equal(span_of(shares.at + 6, 32), group_share(GROUP_X25519)));
	cr_assert(span_equal(span_of(shares.at + 42, 65), group_share(GROUP_SECP256R1)));
}

Test(encode, a_retry_changes_share_and_cookie_only)
{
	static struct encoded out;
	struct probe probe = probe_of(TLS1_3, &plain, 1);
	struct retry retry = { .group = GROUP_X448, .cookie = span_text("milk") };
	struct span record = encode(&out, &probe, &retry);
	struct span shares = extension(record, EXT_KEY_SHARE);
	cr_assert_eq(shares.len, 2 + 4 + 56);
	cr_assert(span_equal(extension(record, EXT_COOKIE), span_of("\0\4milk", 6)));
	retry = (struct retry){ .cookie = span_text("milk") };
	cr_assert_eq(extension(encode(&out, &probe, &retry), EXT_KEY_SHARE).len, 107);
}

Test(encode, sslv2_carries_kinds_and_a_challenge)
{
	static struct encoded out;
	struct probe probe = probe_of(SSLV2, &plain, 2);
	probe.kind = PROBE_SSLV2;
	probe.suites[0] = 0x010080;
	probe.suites[1] = 0x0700C0;
	struct span record = encode(&out, &probe, NULL);
	struct sslv2_client_hello hello;
	struct cursor body = cursor_over(span_skip(record, 2));
	cr_assert_eq(sslv2_client_hello_decode(&hello, body), FAULT_NONE);
	cr_assert_eq(hello.version, 2);
	cr_assert(span_equal(hello.kinds, span_of("\1\0\x80\7\0\xC0", 6)));
	cr_assert_eq(hello.challenge.len, 16);
	cr_assert_eq(hello.session_id.len, 0);
}

Test(encode, the_field_map_covers_every_byte)
{
	static struct encoded out;
	static bool covered[PROBE_HELLO_MAX];
	struct probe probe = probe_of(TLS1_3, &named, PROBE_SUITES_MAX);
	encode(&out, &probe, NULL);
	for (size_t i = 0; i < out.b.fields_len; i++) {
		bool leaf =
			i + 1 == out.b.fields_len || out.fields[i + 1].depth <= out.fields[i].depth;
		for (size_t at = 0; leaf && at < out.fields[i].len; at++)
			covered[out.fields[i].offset + at] = true;
	}
	for (size_t at = 0; at < out.b.len; at++)
		cr_assert(covered[at], "byte %zu", at);
}

Test(encode, a_name_without_room_is_a_fault_and_not_an_overrun)
{
	static struct encoded out;
	static char name[PROBE_HELLO_MAX + 1];
	memset(name, 'n', sizeof(name) - 1);
	struct shape shape = { .server_name = name };
	struct probe probe = probe_of(TLS1_2, &shape, 1);
	builder_init(&out.b, out.bytes, sizeof(out.bytes), NULL, 0);
	probe_encode(&out.b, &probe, NULL);
	cr_assert_eq(builder_fault(&out.b), FAULT_TOO_LARGE);
}

static void expect_description(const struct probe *probe, size_t room, const char *text)
{
	char out[256];
	probe_describe(out, room, probe);
	cr_assert_str_eq(out, text);
}

Test(encode, a_probe_is_described_in_one_line)
{
	struct probe probe = probe_of(TLS1_2, &plain, 1);
	expect_description(&probe, 256, "TLS1.2 single TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
	probe = probe_of(TLS1_2, &plain, 3);
	probe.purpose = PURPOSE_GROUP;
	expect_description(&probe, 100,
			   "TLS1.2 group of 3 suites (TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, ...)");
	probe.kind = PROBE_PLAINTEXT;
	expect_description(&probe, 256, "a session without TLS");
}

Test(encode, a_shape_has_a_name)
{
	char out[64];
	shape_name(out, sizeof(out), &named);
	cr_assert_str_eq(out, "sni,groups+ffdhe,sigalgs,ems,etm,ticket");
	shape_name(out, sizeof(out), &bare);
	cr_assert_str_eq(out, "bare");
}
