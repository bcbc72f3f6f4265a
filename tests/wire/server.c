/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "wire/alert.h"
#include "wire/certificate.h"
#include "wire/certificate_request.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"
#include "wire/sslv2.h"

#include <criterion/criterion.h>

#define RANDOM "0123456789abcdef0123456789abcdef"

static uint8_t bytes[4096];
static struct field fields[256];
static struct builder b;

static void begin(void)
{
	builder_init(&b, bytes, sizeof(bytes), fields, 256);
}

/* The body of the one message that was written, its header checked. */
static struct cursor written_body(uint8_t type)
{
	struct handshake_message message;
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	struct cursor in = cursor_over(builder_view(&b));
	cr_assert_eq(handshake_decode(&message, &in), FAULT_NONE);
	cr_assert(cursor_done(&in));
	cr_assert_eq(message.type, type);
	return cursor_over(message.body);
}

static enum fault decode_hello(struct server_hello *out, struct span extensions)
{
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = BYTES(RANDOM),
		.session_id = BYTES("id"),
		.suite = 0x1301,
		.has_extensions = extensions.at != NULL,
		.extensions = extensions,
	};
	begin();
	server_hello_encode(&b, &hello);
	return server_hello_decode(out, written_body(2));
}

Test(server_hello, round_trip_keeps_every_member)
{
	struct server_hello out;
	cr_assert_eq(decode_hello(&out, span_of(NULL, 0)), FAULT_NONE);
	cr_expect_eq(out.version, 0x0303);
	cr_expect_not(out.has_extensions);
	cr_expect(span_is(out.random, RANDOM));
	cr_expect(span_is(out.session_id, "id"));
	cr_expect_eq(out.suite, 0x1301);
	cr_assert_eq(decode_hello(&out, BYTES("")), FAULT_NONE);
	cr_expect(out.has_extensions);
}

Test(server_hello, extensions_are_derived)
{
	struct server_hello out;
	struct span extensions = BYTES("\0\x2B\0\2\3\4\0\x33\0\6\0\x1D\0\2xy\0\x10\0\5\0\3\2h2");
	cr_assert_eq(decode_hello(&out, extensions), FAULT_NONE);
	cr_expect_eq(out.version, 0x0304);
	cr_expect_eq(out.selected_group, 0x1D);
	cr_expect(span_is(out.key_share, "xy"));
	cr_expect(span_is(out.alpn, "h2"));
	cr_expect(span_equal(out.extensions, extensions));
}

Test(server_hello, malformed_extensions_are_refused)
{
	struct server_hello out;
	cr_expect_eq(decode_hello(&out, BYTES("\0\x2B\0\3\3\4\0")), FAULT_MALFORMED);
	cr_expect_eq(decode_hello(&out, BYTES("\0\x2B\0\2\3\4\0\x2B\0\2\3\4")), FAULT_MALFORMED);
	cr_expect_eq(decode_hello(&out, BYTES("\0\x33\0\2\0\x1D")), FAULT_MALFORMED);
	cr_expect_eq(decode_hello(&out, BYTES("\0\x2B\0\2\3")), FAULT_MALFORMED);
	cr_expect_eq(decode_hello(&out, BYTES("\0\x10\0\6\0\4\1a\1b")), FAULT_MALFORMED);
	cr_expect_eq(decode_hello(&out, BYTES("\xAA\xAA\0\1x")), FAULT_NONE);
}

Test(server_hello, retry_request_is_known_by_its_random)
{
	struct server_hello out;
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(server_hello_retry_random, 32),
		.has_extensions = true,
		.extensions = BYTES("\0\x2B\0\2\3\4\0\x33\0\2\0\x18\0\x2C\0\5\0\3abc"),
	};
	begin();
	server_hello_encode(&b, &hello);
	cr_assert_eq(server_hello_decode(&out, written_body(2)), FAULT_NONE);
	cr_expect(out.is_retry_request);
	cr_expect_eq(out.selected_group, 0x18);
	cr_expect_eq(out.key_share.len, 0);
	cr_expect(span_is(out.cookie, "abc"));
}

Test(server_hello, downgrade_sentinels_are_seen)
{
	struct server_hello out;
	struct server_hello hello = { .legacy_version = 0x0303,
				      .random = BYTES("0123456789abcdef01234567DOWNGRD\1") };
	begin();
	server_hello_encode(&b, &hello);
	cr_assert_eq(server_hello_decode(&out, written_body(2)), FAULT_NONE);
	cr_expect_eq(out.downgrade, 2);
	hello.random = BYTES("0123456789abcdef01234567DOWNGRD\0");
	begin();
	server_hello_encode(&b, &hello);
	cr_assert_eq(server_hello_decode(&out, written_body(2)), FAULT_NONE);
	cr_expect_eq(out.downgrade, 1);
}

Test(server_hello, every_truncation_is_refused)
{
	struct server_hello out;
	cr_assert_eq(decode_hello(&out, BYTES("\0\x2B\0\2\3\4\0\x33\0\6\0\x1D\0\2xy")), FAULT_NONE);
	struct cursor body = written_body(2);
	size_t bare = 2 + 32 + 3 + 2 + 1;
	for (size_t len = 0; len < body.len; len++) {
		enum fault fault = server_hello_decode(&out, cursor_over(span_of(body.base, len)));
		cr_expect_eq(fault, len == bare ? FAULT_NONE : FAULT_MALFORMED, "%zu", len);
	}
}

Test(server_hello, long_session_id_is_refused)
{
	struct server_hello out;
	struct server_hello hello = { .random = BYTES(RANDOM), .session_id = BYTES(RANDOM "x") };
	begin();
	server_hello_encode(&b, &hello);
	cr_expect_eq(server_hello_decode(&out, written_body(2)), FAULT_MALFORMED);
}

Test(certificate, lists_go_round_with_and_without_tls13)
{
	struct certificate_list list = { .context = BYTES("c"), .len = 2 }, out;
	list.der[0] = BYTES("leaf");
	list.der[1] = BYTES("root");
	list.extensions[1] = BYTES("\0\5\0\0");
	for (int tls13 = 0; tls13 < 2; tls13++) {
		begin();
		certificate_list_encode(&b, &list, tls13);
		struct cursor body = written_body(11);
		cr_assert_eq(certificate_list_decode(&out, body, tls13), FAULT_NONE);
		cr_assert_eq(out.len, 2);
		cr_expect(span_is(out.der[0], "leaf"));
		cr_expect(span_is(out.der[1], "root"));
		cr_expect_eq(out.extensions[1].len, tls13 ? 4 : 0);
		cr_expect_eq(out.context.len, tls13 ? 1 : 0);
		for (size_t len = 0; len < body.len; len++)
			cr_expect_eq(certificate_list_decode(
					     &out, cursor_over(span_of(body.base, len)), tls13),
				     FAULT_MALFORMED);
	}
}

Test(certificate, an_empty_list_is_well_formed_and_an_empty_certificate_is_not)
{
	struct certificate_list out;
	cr_expect_eq(certificate_list_decode(&out, cursor_over(BYTES("\0\0\0")), false),
		     FAULT_NONE);
	cr_expect_eq(certificate_list_decode(&out, cursor_over(BYTES("\0\0\3\0\0\0")), false),
		     FAULT_MALFORMED);
}

Test(certificate, more_entries_than_admitted_are_too_large)
{
	struct certificate_list list = { .len = CERTIFICATES_MAX }, out;
	for (size_t i = 0; i < CERTIFICATES_MAX; i++)
		list.der[i] = BYTES("x");
	begin();
	certificate_list_encode(&b, &list, false);
	cr_expect_eq(certificate_list_decode(&out, written_body(11), false), FAULT_NONE);
	bytes[4 + 2] = (uint8_t)(bytes[4 + 2] + 4);
	memcpy(bytes + b.len, "\0\0\1x", 4);
	struct cursor body = cursor_over(span_of(bytes + 4, b.len));
	cr_expect_eq(certificate_list_decode(&out, body, false), FAULT_TOO_LARGE);
}

Test(certificate_request, every_version_goes_round)
{
	static const enum version versions[] = { TLS1_0, TLS1_1, TLS1_2, TLS1_3 };
	struct certificate_request request = {
		.types = BYTES("\1\x40"),
		.signature_algorithms = BYTES("\4\3\4\1"),
		.authorities = BYTES("\0\2ab"),
		.context = BYTES("c"),
		.extensions = BYTES("\0\x0D\0\6\0\4\4\3\4\1\0\x2F\0\6\0\4\0\2ab"),
	};
	for (size_t i = 0; i < 4; i++) {
		struct certificate_request out;
		enum version version = versions[i];
		begin();
		certificate_request_encode(&b, &request, version);
		struct cursor body = written_body(13);
		cr_assert_eq(certificate_request_decode(&out, body, version), FAULT_NONE);
		cr_expect(span_equal(out.authorities, request.authorities));
		cr_expect_eq(out.signature_algorithms.len, version >= TLS1_2 ? 4 : 0);
		cr_expect_eq(out.types.len, version == TLS1_3 ? 0 : 2);
		for (size_t len = 0; len < body.len; len++)
			cr_expect_eq(certificate_request_decode(
					     &out, cursor_over(span_of(body.base, len)), version),
				     FAULT_MALFORMED);
	}
}

Test(certificate_request, tls13_needs_signature_algorithms)
{
	struct certificate_request out;
	cr_expect_eq(certificate_request_decode(&out, cursor_over(BYTES("\0\0\0")), TLS1_3),
		     FAULT_MALFORMED);
}

Test(server_hello_done, has_an_empty_body)
{
	begin();
	server_hello_done_encode(&b);
	cr_expect_eq(server_hello_done_decode(written_body(14)), FAULT_NONE);
	cr_expect_eq(server_hello_done_decode(cursor_over(BYTES("x"))), FAULT_MALFORMED);
}

/* Each form of the body, by a suite whose key exchange has it. */
static const struct form {
	const char *name;
	enum kx kx;
	enum auth auth;
	bool hint, dh, ec, rsa, is_signed;
} forms[] = {
	{ "ECDHE_RSA", KX_ECDHE, AUTH_RSA, .ec = true, .is_signed = true },
	{ "ECDHE_ECDSA", KX_ECDHE, AUTH_ECDSA, .ec = true, .is_signed = true },
	{ "DHE_RSA", KX_DHE, AUTH_RSA, .dh = true, .is_signed = true },
	{ "DHE_DSS_EXPORT", KX_DHE_EXPORT, AUTH_DSS, .dh = true, .is_signed = true },
	{ "RSA_EXPORT", KX_RSA_EXPORT, AUTH_RSA, .rsa = true, .is_signed = true },
	{ "DH_anon", KX_DH, AUTH_ANON, .dh = true },
	{ "DH_anon_EXPORT", KX_DH_EXPORT, AUTH_ANON, .dh = true },
	{ "ECDH_anon", KX_ECDH, AUTH_ANON, .ec = true },
	{ "PSK", KX_PSK, AUTH_PSK, .hint = true },
	{ "RSA_PSK", KX_RSA, AUTH_PSK, .hint = true },
	{ "DHE_PSK", KX_DHE, AUTH_PSK, .hint = true, .dh = true },
	{ "ECDHE_PSK", KX_ECDHE, AUTH_PSK, .hint = true, .ec = true },
};

static void check_form(const struct form *form, enum version version)
{
	const struct server_key_exchange in = {
		.psk_hint = BYTES("hint"),
		.dh_p = BYTES("prime"),
		.dh_g = BYTES("\2"),
		.dh_public = BYTES("public"),
		.group = 0x17,
		.ec_public = BYTES("point"),
		.rsa_modulus = BYTES("modulus"),
		.rsa_exponent = BYTES("\1\0\1"),
		.signature_scheme = 0x0401,
		.signature = BYTES("signature"),
	};
	const struct cipher_suite suite = { .kx = form->kx, .auth = form->auth };
	struct server_key_exchange out;
	begin();
	server_key_exchange_encode(&b, &in, &suite, version);
	struct cursor body = written_body(12);
	cr_assert_eq(server_key_exchange_decode(&out, body, &suite, version), FAULT_NONE, "%s",
		     form->name);
	cr_expect_eq(out.psk_hint.len, form->hint ? 4 : 0);
	cr_expect_eq(span_is(out.dh_public, "public"), form->dh);
	cr_expect_eq(span_is(out.ec_public, "point"), form->ec);
	cr_expect_eq(out.group, form->ec ? 0x17 : 0);
	cr_expect_eq(span_is(out.rsa_modulus, "modulus"), form->rsa);
	cr_expect_eq(span_is(out.signature, "signature"), form->is_signed);
	cr_expect_eq(out.signature_scheme, form->is_signed && version == TLS1_2 ? 0x0401 : 0);
	size_t params = form->dh ? 7 + 3 + 8 : form->ec ? 3 + 6 : form->rsa ? 9 + 5 : 0;
	cr_expect_eq(out.params.len, params, "%s: %zu", form->name, out.params.len);
	for (size_t len = 0; len < body.len; len++)
		cr_expect_eq(server_key_exchange_decode(&out, cursor_over(span_of(body.base, len)),
							&suite, version),
			     FAULT_MALFORMED, "%s at %zu", form->name, len);
}

Test(server_key_exchange, every_form_goes_round_in_every_version)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		check_form(&forms[i], SSLV3);
		check_form(&forms[i], TLS1_0);
		check_form(&forms[i], TLS1_1);
		check_form(&forms[i], TLS1_2);
	}
}

Test(server_key_exchange, suites_without_one_are_unsupported)
{
	static const struct cipher_suite suites[] = {
		{ .kx = KX_RSA, .auth = AUTH_RSA },    { .kx = KX_DH, .auth = AUTH_RSA },
		{ .kx = KX_ECDH, .auth = AUTH_ECDSA }, { .kx = KX_TLS13, .auth = AUTH_TLS13 },
		{ .kx = KX_GOST, .auth = AUTH_GOST },
	};
	struct server_key_exchange out;
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		cr_expect_eq(server_key_exchange_decode(&out, cursor_over(BYTES("x")), &suites[i],
							TLS1_2),
			     FAULT_UNSUPPORTED);
}

Test(server_key_exchange, explicit_curves_are_unsupported_and_unknown_curve_types_malformed)
{
	const struct cipher_suite suite = { .kx = KX_ECDHE, .auth = AUTH_ANON };
	struct server_key_exchange out;
	cr_expect_eq(server_key_exchange_decode(&out, cursor_over(BYTES("\1xxxx")), &suite, TLS1_2),
		     FAULT_UNSUPPORTED);
	cr_expect_eq(
		server_key_exchange_decode(&out, cursor_over(BYTES("\4\0\x17\1x")), &suite, TLS1_2),
		FAULT_MALFORMED);
}

Test(sslv2, client_hello_goes_round)
{
	struct sslv2_client_hello hello = {
		.version = 0x0002,
		.kinds = BYTES("\1\0\x80\7\0\xC0"),
		.challenge = BYTES("0123456789abcdef"),
	};
	struct sslv2_client_hello out;
	begin();
	sslv2_client_hello_encode(&b, &hello);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	cr_expect_eq(bytes[0], 0x80);
	cr_expect_eq(bytes[1], b.len - 2);
	struct span body = span_skip(builder_view(&b), 2);
	cr_assert_eq(sslv2_client_hello_decode(&out, cursor_over(body)), FAULT_NONE);
	cr_expect(span_equal(out.kinds, hello.kinds));
	cr_expect(span_equal(out.challenge, hello.challenge));
	for (size_t len = 0; len < body.len; len++)
		cr_expect_eq(sslv2_client_hello_decode(&out, cursor_over(span_of(body.at, len))),
			     FAULT_MALFORMED);
}

Test(sslv2, client_hello_with_impossible_lengths_is_refused)
{
	struct sslv2_client_hello hello = { .version = 0x0301,
					    .kinds = BYTES("\0\0\5"),
					    .challenge = BYTES("0123456789abcdef") };
	struct sslv2_client_hello out, wrong[4] = { hello, hello, hello, hello };
	wrong[0].kinds = BYTES("\0\0");
	wrong[1].kinds = BYTES("");
	wrong[2].challenge = BYTES("0123456789abcde");
	wrong[3].session_id = BYTES("x");
	for (size_t i = 0; i < 4; i++) {
		begin();
		sslv2_client_hello_encode(&b, &wrong[i]);
		struct span body = span_skip(builder_view(&b), 2);
		cr_expect_eq(sslv2_client_hello_decode(&out, cursor_over(body)), FAULT_MALFORMED);
	}
}

Test(sslv2, server_hello_goes_round)
{
	struct sslv2_server_hello hello = {
		.certificate_type = 1,
		.version = 0x0002,
		.certificate = BYTES("certificate"),
		.kinds = BYTES("\1\0\x80"),
		.connection_id = BYTES("0123456789abcdef"),
	};
	struct sslv2_server_hello out;
	begin();
	sslv2_server_hello_encode(&b, &hello);
	struct span body = span_skip(builder_view(&b), 2);
	cr_assert_eq(sslv2_server_hello_decode(&out, cursor_over(body)), FAULT_NONE);
	cr_expect_not(out.session_id_hit);
	cr_expect(span_is(out.certificate, "certificate"));
	cr_expect(span_equal(out.kinds, hello.kinds));
	cr_expect(span_equal(out.connection_id, hello.connection_id));
	for (size_t len = 0; len < body.len; len++)
		cr_expect_eq(sslv2_server_hello_decode(&out, cursor_over(span_of(body.at, len))),
			     FAULT_MALFORMED);
}

Test(record, goes_round_and_its_length_can_lie)
{
	struct record record = { .type = 22, .version = 0x0301, .fragment = BYTES("abc") }, out;
	begin();
	record_encode(&b, &record, 0);
	struct cursor in = cursor_over(builder_view(&b));
	cr_assert_eq(record_decode(&out, &in), FAULT_NONE);
	cr_expect(span_is(out.fragment, "abc"));
	cr_expect(cursor_done(&in));
	begin();
	record_encode(&b, &record, 1);
	in = cursor_over(builder_view(&b));
	cr_expect_eq(record_decode(&out, &in), FAULT_TRUNCATED);
	cr_expect_eq(in.at, 0);
}

Test(alert, is_two_bytes)
{
	struct alert out;
	begin();
	alert_encode(&b, (struct alert){ .level = 2, .description = 40 });
	cr_assert_eq(alert_decode(&out, cursor_over(builder_view(&b))), FAULT_NONE);
	cr_expect_eq(out.description, 40);
	cr_expect_eq(alert_decode(&out, cursor_over(BYTES("\2"))), FAULT_MALFORMED);
	cr_expect_eq(alert_decode(&out, cursor_over(BYTES("\2\1\0"))), FAULT_MALFORMED);
}
