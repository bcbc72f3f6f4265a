/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/extension/extension.h"

#include "support.h"

#include <criterion/criterion.h>

#define ID32 "0123456789abcdef0123456789abcdef"

/* `alert` 0: the body is well formed. */
static const struct row {
	enum extension_id id;
	const char *body;
	size_t len;
	uint8_t alert;
} client_rows[] = {
#define ROW(id, body, alert)                                                                       \
	{                                                                                          \
		EXTENSION_##id, body, sizeof(body) - 1, alert                                      \
	}
	ROW(SUPPORTED_VERSIONS, "\2\3\4", 0),
	ROW(SUPPORTED_VERSIONS, "\4\3\4\3\3", 0),
	ROW(SUPPORTED_VERSIONS, "\0", 50),
	ROW(SUPPORTED_VERSIONS, "\1\3", 50),
	ROW(SUPPORTED_VERSIONS, "\2\3\4\3", 50),
	ROW(SERVER_NAME, "\0\5\0\0\2ab", 0),
	ROW(SERVER_NAME, "\0\x0A\7\0\2xy\0\0\2ab", 0),
	ROW(SERVER_NAME, "\0\x0A\0\0\2xy\0\0\2ab", 47),
	ROW(SERVER_NAME, "\0\3\0\0\0", 50),
	ROW(SERVER_NAME, "\0\0", 50),
	ROW(SERVER_NAME, "", 50),
	ROW(SERVER_NAME, "\0\5\0\0\3ab", 50),
	ROW(MAX_FRAGMENT_LENGTH, "\1", 0),
	ROW(MAX_FRAGMENT_LENGTH, "\4", 0),
	ROW(MAX_FRAGMENT_LENGTH, "\0", 47),
	ROW(MAX_FRAGMENT_LENGTH, "\5", 47),
	ROW(MAX_FRAGMENT_LENGTH, "\1\1", 50),
	ROW(RECORD_SIZE_LIMIT, "\0\x40", 0),
	ROW(RECORD_SIZE_LIMIT, "\0\x3F", 47),
	ROW(RECORD_SIZE_LIMIT, "\x40", 50),
	ROW(STATUS_REQUEST, "\1\0\0\0\0", 0),
	ROW(STATUS_REQUEST, "\1\0\4\0\2ab\0\1x", 0),
	ROW(STATUS_REQUEST, "\1\0\4\0\3ab\0\1x", 50),
	ROW(STATUS_REQUEST, "\1\0\0\0", 50),
	ROW(STATUS_REQUEST, "\2any", 0),
	ROW(STATUS_REQUEST, "", 50),
	ROW(STATUS_REQUEST_V2, "\0\7\2\0\4\0\0\0\0", 0),
	ROW(STATUS_REQUEST_V2, "\0\7\2\0\5\0\0\0\0", 50),
	ROW(STATUS_REQUEST_V2, "\0\0", 50),
	ROW(SUPPORTED_GROUPS, "\0\4\0\x17\0\x1D", 0),
	ROW(SUPPORTED_GROUPS, "\0\0", 50),
	ROW(SUPPORTED_GROUPS, "\0\3\0\x17\0", 50),
	ROW(EC_POINT_FORMATS, "\3\0\1\2", 0),
	ROW(EC_POINT_FORMATS, "\0", 50),
	ROW(SIGNATURE_ALGORITHMS, "\0\2\4\3", 0),
	ROW(SIGNATURE_ALGORITHMS, "\0\1\4", 50),
	ROW(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3", 0),
	ROW(SIGNATURE_ALGORITHMS_CERT, "\0\2\4\3\0", 50),
	ROW(DELEGATED_CREDENTIALS, "\0\2\4\3", 0),
	ROW(DELEGATED_CREDENTIALS, "\0\0", 50),
	ROW(CERTIFICATE_AUTHORITIES, "\0\4\0\2ab", 0),
	ROW(CERTIFICATE_AUTHORITIES, "\0\4\0\3ab", 50),
	ROW(CERTIFICATE_AUTHORITIES, "\0\2\0\0", 50),
	ROW(COMPRESS_CERTIFICATE, "\2\0\2", 0),
	ROW(COMPRESS_CERTIFICATE, "\1\0", 50),
	ROW(ALPN, "\0\x0C\2h2\x08http/1.1", 0),
	ROW(ALPN, "\0\2\0\0", 50),
	ROW(ALPN, "\0\3\3h2", 50),
	ROW(ALPN, "\0\0", 50),
	ROW(SIGNED_CERTIFICATE_TIMESTAMP, "", 0),
	ROW(SIGNED_CERTIFICATE_TIMESTAMP, "\0", 50),
	ROW(ENCRYPT_THEN_MAC, "", 0),
	ROW(ENCRYPT_THEN_MAC, "x", 50),
	ROW(EXTENDED_MASTER_SECRET, "", 0),
	ROW(EXTENDED_MASTER_SECRET, "x", 50),
	ROW(HEARTBEAT, "\1", 0),
	ROW(HEARTBEAT, "\2", 0),
	ROW(HEARTBEAT, "\3", 47),
	ROW(HEARTBEAT, "", 50),
	ROW(SESSION_TICKET, "", 0),
	ROW(SESSION_TICKET, "ticket", 0),
	ROW(RENEGOTIATION_INFO, "\0", 0),
	ROW(RENEGOTIATION_INFO, "\2ab", 0),
	ROW(RENEGOTIATION_INFO, "", 50),
	ROW(RENEGOTIATION_INFO, "\3ab", 50),
	ROW(POST_HANDSHAKE_AUTH, "", 0),
	ROW(POST_HANDSHAKE_AUTH, "x", 50),
	ROW(COOKIE, "\0\1x", 0),
	ROW(COOKIE, "\0\0", 50),
	ROW(KEY_SHARE, "\0\0", 0),
	ROW(KEY_SHARE, "\0\6\0\x1D\0\2ab", 0),
	ROW(KEY_SHARE, "\0\4\0\x1D\0\0", 50),
	ROW(KEY_SHARE, "\0\6\0\x1D\0\3ab", 50),
	ROW(KEY_SHARE, "\0\7\0\x1D\0\2abc", 50),
	ROW(PSK_KEY_EXCHANGE_MODES, "\1\1", 0),
	ROW(PSK_KEY_EXCHANGE_MODES, "\0", 50),
	ROW(EARLY_DATA, "", 0),
	ROW(EARLY_DATA, "x", 50),
	ROW(PADDING, "", 0),
	ROW(PADDING, "\0\0\0\1", 0),
	ROW(PRE_SHARED_KEY, "\0\x0A\0\4abcd\0\0\0\1\0\x21\x20" ID32, 0),
	ROW(PRE_SHARED_KEY, "\0\x0A\0\4abcd\0\0\0\1\0\x42\x20" ID32 "\x20" ID32, 47),
	ROW(PRE_SHARED_KEY, "\0\x0A\0\5abcd\0\0\0\1\0\x21\x20" ID32, 50),
	ROW(PRE_SHARED_KEY, "\0\x0A\0\4abcd\0\0\0\1\0\x21\x1F" ID32, 50),
	ROW(PRE_SHARED_KEY, "\0\x0E\0\1a\0\0\0\1\0\1b\0\0\0\2\0\x42\x20" ID32 "\x20" ID32, 0),
	ROW(PRE_SHARED_KEY,
	    "\0\x0E\0\1a\0\0\0\1\0\1b\0\0\0\2\0\x41\x20" ID32 "\x1F"
	    "0123456789abcdef0123456789abcde",
	    50),
	ROW(PRE_SHARED_KEY, "\0\0\0\x21\x20" ID32, 50),
	ROW(PRE_SHARED_KEY, "\0\x0A\0\4abcd\0\0\0\1\0\0", 50),
};

static const struct row server_rows[] = {
	ROW(SUPPORTED_VERSIONS, "\3\4", 0),
	ROW(SUPPORTED_VERSIONS, "\2\3\4", 50),
	ROW(SERVER_NAME, "", 0),
	ROW(SERVER_NAME, "x", 50),
	ROW(MAX_FRAGMENT_LENGTH, "\2", 0),
	ROW(RECORD_SIZE_LIMIT, "\x40\0", 0),
	ROW(STATUS_REQUEST, "", 0),
	ROW(STATUS_REQUEST_V2, "", 0),
	ROW(SUPPORTED_GROUPS, "\0\2\0\x17", 0),
	ROW(EC_POINT_FORMATS, "\1\0", 0),
	ROW(ALPN, "\0\3\2h2", 0),
	ROW(ALPN, "\0\6\2h2\2h3", 50),
	ROW(SIGNED_CERTIFICATE_TIMESTAMP, "\0\4\0\2ab", 0),
	ROW(SIGNED_CERTIFICATE_TIMESTAMP, "\0\4\0\3ab", 50),
	ROW(SIGNED_CERTIFICATE_TIMESTAMP, "", 50),
	ROW(ENCRYPT_THEN_MAC, "", 0),
	ROW(EXTENDED_MASTER_SECRET, "", 0),
	ROW(HEARTBEAT, "\1", 0),
	ROW(SESSION_TICKET, "", 0),
	ROW(SESSION_TICKET, "x", 50),
	ROW(RENEGOTIATION_INFO, "\4abcd", 0),
	ROW(COOKIE, "\0\3abc", 0),
	ROW(KEY_SHARE, "\0\x1D", 0),
	ROW(KEY_SHARE, "\0\x1D\0\2ab", 0),
	ROW(KEY_SHARE, "\0\x1D\0\0", 50),
	ROW(KEY_SHARE, "\0\x1D\0\3ab", 50),
	ROW(EARLY_DATA, "", 0),
	ROW(PRE_SHARED_KEY, "\0\1", 0),
	ROW(PRE_SHARED_KEY, "\1", 50),
#undef ROW
};

static void check(const struct row *row, enum extension_side side)
{
	const struct extension *extension = extension_table[row->id];
	bool client = side == EXTENSION_OF_CLIENT;
	struct span body = span_of(row->body, row->len), view;
	struct wire_error error = { .base = body.at };
	bool good = (client ? extension->decode : extension->server_decode)(&view, body, &error);
	cr_assert_eq(good, row->alert == 0, "%s, %zu bytes", extension->name, row->len);
	if (!good) {
		cr_expect_eq(error.alert, row->alert, "%s", extension->name);
		cr_expect_str_eq(error.field, extension->name);
		cr_expect_leq(error.offset, row->len);
		return;
	}
	uint8_t bytes[256];
	struct field fields[64];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), fields, 64);
	(client ? extension->encode : extension->server_encode)(&b, view);
	cr_expect(span_equal(builder_view(&b), body), "%s is written otherwise", extension->name);
}

Test(extension, client_bodies_are_judged_and_written_back)
{
	for (size_t i = 0; i < sizeof(client_rows) / sizeof(client_rows[0]); i++)
		check(&client_rows[i], EXTENSION_OF_CLIENT);
}

Test(extension, server_bodies_are_judged_and_written_back)
{
	for (size_t i = 0; i < sizeof(server_rows) / sizeof(server_rows[0]); i++)
		check(&server_rows[i], EXTENSION_OF_SERVER);
}

Test(extension, each_has_a_row_in_each_test_and_both_halves_of_each_form)
{
	for (size_t id = 0; id < EXTENSIONS_KNOWN; id++) {
		const struct extension *extension = extension_table[id];
		bool client = false, server = false;
		for (size_t i = 0; i < sizeof(client_rows) / sizeof(client_rows[0]); i++)
			client |= client_rows[i].id == id;
		for (size_t i = 0; i < sizeof(server_rows) / sizeof(server_rows[0]); i++)
			server |= server_rows[i].id == id;
		cr_expect(client, "%s", extension->name);
		cr_expect_eq(server, extension->server_decode != NULL, "%s", extension->name);
		cr_expect_eq(extension->server_decode != NULL, extension->server_encode != NULL);
		cr_expect_eq(extension_id_of(extension->type), id);
	}
	cr_expect_eq(extension_id_of(0x0A0A), EXTENSION_UNKNOWN);
}

Test(extension, the_map_names_the_parts_of_a_well_formed_body_only)
{
	uint8_t bytes[64];
	struct field fields[16];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), fields, 16);
	extension_write_body(&b, 10, BYTES("\0\2\0\x17"), EXTENSION_OF_CLIENT);
	cr_assert_eq(b.fields_len, 3);
	cr_expect_str_eq(fields[0].name, "groups");
	cr_expect_str_eq(fields[2].name, "group");
	builder_init(&b, bytes, sizeof(bytes), fields, 16);
	extension_write_body(&b, 10, BYTES("\0\3\0\x17"), EXTENSION_OF_CLIENT);
	cr_assert_eq(b.fields_len, 1);
	cr_expect_str_eq(fields[0].name, "content");
	cr_expect(span_equal(builder_view(&b), BYTES("\0\3\0\x17")));
}

Test(extension, host_name_is_found_behind_names_of_other_types)
{
	cr_expect(span_is(server_name_host(BYTES("\7\0\2xy\0\0\2ab")), "ab"));
	cr_expect_null(server_name_host(BYTES("\7\0\2xy")).at);
}
