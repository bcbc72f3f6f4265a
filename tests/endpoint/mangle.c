/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "endpoint/mangle.h"
#include "registry/registry.h"
#include "wire/extension/extension.h"
#include "wire/record.h"
#include "wire/server_hello.h"

#define ALERT_RECORD "\x15\x03\x03\x00\x02\x02"

static uint8_t sent_bytes[MANGLE_RECORD_MAX];
static enum mangle_end end;

static struct span sent(struct mangle *mangle, struct span record)
{
	struct builder out;
	builder_init(&out, sent_bytes, sizeof sent_bytes, NULL, 0);
	end = mangle_record(mangle, record, &out);
	cr_assert_eq(builder_fault(&out), FAULT_NONE);
	return builder_view(&out);
}

static struct span alert_sent(enum defect defect, uint8_t description)
{
	uint8_t record[] = ALERT_RECORD "?";
	record[6] = description;
	struct mangle mangle = { .defect = defect };
	return sent(&mangle, span_of(record, 7));
}

/* The ServerHello of an ordinary server, in one record. */
static struct span server_hello(void)
{
	static uint8_t bytes[512];
	static const uint8_t random[RANDOM_LEN] = { 1 };
	struct server_hello hello = {
		.legacy_version = 0x0303,
		.random = span_of(random, sizeof random),
		.session_id = span_of(random, RANDOM_LEN),
		.suite = 0xC02F,
		.has_extensions = true,
		.extensions = span_of("\xff\x01\0\1\0\0\x0b\0\2\1\0", 11),
	};
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	builder_bytes(&b, "header", span_of("\x16\3\3\0\0", 5));
	server_hello_encode(&b, &hello);
	record_header_encode(bytes, CONTENT_HANDSHAKE, 0x0303, (uint16_t)(b.len - 5));
	return builder_view(&b);
}

static struct server_hello hello_sent(struct mangle mangle)
{
	struct server_hello hello = { 0 };
	struct span record = sent(&mangle, server_hello());
	cr_expect_eq(server_hello_decode(&hello, cursor_over(span_skip(record, 9))), FAULT_NONE);
	return hello;
}

Test(mangle, intact_endpoint_says_what_it_means)
{
	struct mangle mangle = { .defect = DEFECT_NONE };
	struct span hello = server_hello();
	cr_expect(span_equal(sent(&mangle, hello), hello));
	cr_expect_eq(end, MANGLE_GO_ON);
	cr_expect(span_equal(alert_sent(DEFECT_NONE, ALERT_DECODE_ERROR),
			     span_of(ALERT_RECORD "\x32", 7)));
	struct span done = span_of("\x16\3\3\0\4\x0e\0\0\0", 9);
	cr_expect(span_equal(sent(&mangle, done), done));
}

Test(mangle, lower_version_has_the_sentinel)
{
	cr_expect_eq(hello_sent((struct mangle){ .sentinel = true }).downgrade, 1);
	cr_expect_eq(hello_sent((struct mangle){ .sentinel = false }).downgrade, 0);
	struct mangle mangle = { .defect = DEFECT_NO_DOWNGRADE_SENTINEL, .sentinel = true };
	cr_expect_eq(hello_sent(mangle).downgrade, 0);
}

Test(mangle, alert_is_replaced_where_the_defect_says_so)
{
	cr_expect_eq(alert_sent(DEFECT_ALWAYS_HANDSHAKE_FAILURE, ALERT_DECODE_ERROR).at[6],
		     ALERT_HANDSHAKE_FAILURE);
	cr_expect_eq(alert_sent(DEFECT_PROTOCOL_VERSION_FOR_SUITES, ALERT_HANDSHAKE_FAILURE).at[6],
		     ALERT_PROTOCOL_VERSION);
	cr_expect_eq(alert_sent(DEFECT_PROTOCOL_VERSION_FOR_SUITES, ALERT_DECODE_ERROR).at[6],
		     ALERT_DECODE_ERROR);
	cr_expect_eq(alert_sent(DEFECT_WARNS_ONLY, ALERT_DECODE_ERROR).at[5], ALERT_WARNING);
	cr_expect_eq(alert_sent(DEFECT_TWO_ALERTS, ALERT_DECODE_ERROR).len, 14);
	cr_expect_eq(alert_sent(DEFECT_SPLITS_ALERTS, ALERT_DECODE_ERROR).len, 12);
}

Test(mangle, alert_is_dropped_and_the_connection_ends_as_told)
{
	cr_expect_eq(alert_sent(DEFECT_CLOSES_SILENTLY, ALERT_DECODE_ERROR).len, 0);
	cr_expect_eq(end, MANGLE_FINISH);
	cr_expect_eq(alert_sent(DEFECT_RESETS_SILENTLY, ALERT_DECODE_ERROR).len, 0);
	cr_expect_eq(end, MANGLE_RESET);
	cr_expect_eq(alert_sent(DEFECT_STAYS_AFTER_ALERT, ALERT_DECODE_ERROR).len, 7);
	cr_expect_eq(end, MANGLE_HANG);
	cr_expect_eq(alert_sent(DEFECT_IGNORES_BAD_MAC, ALERT_BAD_RECORD_MAC).len, 0);
	cr_expect_eq(alert_sent(DEFECT_IGNORES_BAD_MAC, ALERT_DECODE_ERROR).len, 7);
	cr_expect_eq(end, MANGLE_GO_ON);
}

Test(mangle, fields_of_the_server_hello_lie)
{
#define SENT(defect_name) hello_sent((struct mangle){ .defect = DEFECT_##defect_name })
	cr_expect_eq(SENT(ECHOES_LOWER_VERSION).legacy_version, 0x0302);
	cr_expect_eq(SENT(ECHOES_HIGHER_VERSION).legacy_version, 0x0304);
	cr_expect_eq(SENT(PICKS_UNKNOWN_SUITE).suite, 0x9F9F);
	cr_expect_eq(SENT(PICKS_COMPRESSION).compression, 1);
	cr_expect_eq(SENT(FALSE_SENTINEL).downgrade, 2);
	cr_expect_not(SENT(OMITS_ALL_EXTENSIONS).has_extensions);
	cr_expect_eq(SENT(OMITS_RENEGOTIATION_INFO).extensions.len, 6);
	cr_expect_eq(SENT(FILLS_RENEGOTIATION_INFO).extensions.len, 11 + 12);
	cr_expect_eq(SENT(ADDS_UNKNOWN_EXTENSION).extensions.len, 11 + 5);
#undef SENT
}

Test(mangle, session_id_is_longer_than_the_decoder_admits)
{
	struct server_hello hello;
	struct mangle mangle = { .defect = DEFECT_LONG_SESSION_ID };
	struct span record = sent(&mangle, server_hello());
	cr_expect_eq(record.at[9 + 2 + RANDOM_LEN], SESSION_ID_MAX + 1);
	cr_expect_neq(server_hello_decode(&hello, cursor_over(span_skip(record, 9))), FAULT_NONE);
}

Test(mangle, protected_records_pass_unread)
{
	struct mangle mangle = { .defect = DEFECT_CLOSES_SILENTLY };
	struct span alert = span_of(ALERT_RECORD "\x32", 7);
	struct span ccs = span_of("\x14\3\3\0\1\1", 6);
	cr_expect(span_equal(sent(&mangle, ccs), ccs));
	cr_expect(span_equal(sent(&mangle, alert), alert));
	mangle.defect = DEFECT_CORRUPTS_FINISHED;
	cr_expect_not(span_equal(sent(&mangle, alert), alert));
}

Test(mangle, short_session_id_is_echoed_with_memory_behind_it)
{
	struct mangle mangle = {
		.defect = DEFECT_TICKETBLEED,
		.session_id = { 7 },
		.session_id_len = 1,
	};
	struct server_hello hello = hello_sent(mangle);
	cr_expect_eq(hello.session_id.len, SESSION_ID_MAX);
	cr_expect_eq(hello.session_id.at[0], 7);
	cr_expect_eq(hello.session_id.at[1], 0xA5);
}
