/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "endpoint/postgres_server.h"
#include "world.h"

static uint8_t bytes[POSTGRES_REPLY_MAX];
static struct builder reply;

static enum postgres_action take(struct postgres_server *server, struct span in, size_t *used)
{
	struct cursor c = cursor_over(in);
	builder_init(&reply, bytes, sizeof bytes, NULL, 0);
	enum postgres_action action = postgres_server_take(server, &c, &reply);
	cr_assert_eq(builder_fault(&reply), FAULT_NONE);
	*used = c.at;
	return action;
}

/* The field of an ErrorResponse, after its framing has been looked at. */
static const char *field(char code)
{
	cr_assert_eq(bytes[0], 'E');
	cr_assert_eq(reply.len - 1, (size_t)(bytes[3] << 8 | bytes[4]));
	for (size_t at = 5; bytes[at]; at += strlen((char *)bytes + at) + 1)
		if (bytes[at] == (uint8_t)code)
			return (char *)bytes + at + 1;
	cr_assert(false, "no field %c", code);
	return "";
}

Test(postgres_server, ssl_request_is_answered_with_one_byte)
{
	struct postgres_server server = { 0 };
	size_t used;
	cr_assert_eq(take(&server, SSL_REQUEST, &used), POSTGRES_TLS);
	cr_assert_eq(used, 8);
	cr_assert(span_is(builder_view(&reply), "S"));
}

Test(postgres_server, second_ssl_request_is_an_unknown_protocol)
{
	struct postgres_server server = { .tls = true };
	size_t used;
	cr_assert_eq(take(&server, SSL_REQUEST, &used), POSTGRES_FINISH);
	cr_assert_str_eq(field('C'), "0A000");
	cr_assert_str_eq(field('M'),
			 "unsupported frontend protocol 1234.5679: server supports 3.0 to 3.0");
}

Test(postgres_server, gssenc_request_is_declined_once)
{
	struct postgres_server server = { 0 };
	size_t used;
	cr_assert_eq(take(&server, GSSENC_REQUEST, &used), POSTGRES_WAIT);
	cr_assert(span_is(builder_view(&reply), "N"));
	cr_assert_eq(take(&server, GSSENC_REQUEST, &used), POSTGRES_FINISH);
	cr_assert_eq(take(&server, SSL_REQUEST, &used), POSTGRES_TLS);
}

Test(postgres_server, cancel_request_is_closed_without_a_word)
{
	struct postgres_server server = { 0 };
	size_t used;
	cr_assert_eq(take(&server, CANCEL_REQUEST, &used), POSTGRES_FINISH);
	cr_assert_eq(reply.len, 0);
}

Test(postgres_server, startup_in_clear_is_refused_in_the_words_of_the_service)
{
	struct postgres_server server = { .plaintext = false };
	size_t used;
	cr_assert_eq(take(&server, STARTUP, &used), POSTGRES_FINISH);
	cr_assert_str_eq(field('S'), "FATAL");
	cr_assert_str_eq(field('C'), "28000");
	cr_assert_str_eq(field('M'),
			 "SSL connection is required. Please specify SSL options and retry.");
}

Test(postgres_server, old_version_is_turned_away_in_the_words_of_the_service)
{
	struct postgres_server server = { .tls = true, .turned_away = true };
	size_t used;
	cr_assert_eq(take(&server, STARTUP, &used), POSTGRES_FINISH);
	cr_assert_str_eq(field('C'), "28000");
	cr_assert_str_eq(field('M'),
			 "TLS version used does not meet minimal requirements for this server. "
			 "Please use a higher TLS version and retry.");
}

Test(postgres_server, any_password_is_wrong)
{
	struct postgres_server server = { .tls = true };
	size_t used;
	cr_assert_eq(take(&server, STARTUP, &used), POSTGRES_WAIT);
	cr_assert(span_equal(builder_view(&reply), span_of("R\0\0\0\x08\0\0\0\x03", 9)));
	cr_assert_eq(take(&server, span_of("p\0\0\0\x07pw\0", 8), &used), POSTGRES_FINISH);
	cr_assert_str_eq(field('C'), "28P01");
	cr_assert_str_eq(field('M'), "password authentication failed for user \"me\"");
}

Test(postgres_server, half_a_message_is_waited_for)
{
	struct postgres_server server = { .plaintext = true };
	size_t used;
	for (size_t len = 0; len < STARTUP.len; len++) {
		cr_assert_eq(take(&server, span_of(STARTUP.at, len), &used), POSTGRES_WAIT);
		cr_assert_eq(used, 0);
		cr_assert_eq(reply.len, 0);
	}
}

Test(postgres_server, impossible_lengths_are_closed)
{
	struct postgres_server server = { .plaintext = true };
	size_t used;
	cr_assert_eq(take(&server, span_of("\0\0\0\x04", 4), &used), POSTGRES_FINISH);
	cr_assert_eq(take(&server, span_of("\0\0\x27\x11", 4), &used), POSTGRES_FINISH);
	cr_assert_eq(take(&server, span_of("\x16\x03\x01\x00", 4), &used), POSTGRES_FINISH);
	cr_assert_eq(take(&server, span_of("\0\0\0\x0e\0\x03\0\0user\0x", 14), &used),
		     POSTGRES_FINISH);
	cr_assert_str_eq(field('C'), "08P01");
}
