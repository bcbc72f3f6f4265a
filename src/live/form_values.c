/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_exchange.h"
#include "live/form.h"
#include "registry/registry.h"

#include <stdlib.h>

/* Unassigned in every registry of 16-bit codes, and no GREASE. */
#define CODE_UNKNOWN	 0x9F9F
/* RFC 8701 2 */
#define GREASE_SUITE	 0x0A0A
#define GREASE_EXTENSION 0x1A1A
#define GREASE_LATER	 0x2A2A
#define GREASE_GROUP	 0x3A3A
#define GREASE_VERSION	 0x4A4A
#define GREASE_SCHEME	 0x5A5A

#define FIRST		 0
#define LAST		 SIZE_MAX

/* --- lists of 16-bit codes inside an extension, behind a prefix of `prefix` bytes --- */

#define CODES_MAX	 128

static void set_codes(struct form *form, uint16_t type, unsigned prefix, const uint16_t *codes,
		      size_t len)
{
	uint8_t body[2 * CODES_MAX + 2];
	size_t at = 0;
	if (prefix == 2)
		body[at++] = (uint8_t)(2 * len >> 8);
	body[at++] = (uint8_t)(2 * len);
	for (size_t i = 0; i < len; i++) {
		body[at++] = (uint8_t)(codes[i] >> 8);
		body[at++] = (uint8_t)codes[i];
	}
	struct extension_draft *item = form_find(form, type);
	size_t from = form->scratch.len;
	builder_bytes(&form->scratch, "body", span_of(body, at));
	item->body = span_of(form->scratch.at + from, form->scratch.len - from);
}

static size_t get_codes(struct form *form, uint16_t type, unsigned prefix, uint16_t *codes)
{
	struct extension_draft *item = form_find(form, type);
	struct cursor c = cursor_over(span_skip(item->body, prefix));
	size_t len = 0;
	while (cursor_left(&c) >= 2 && len < CODES_MAX - 1)
		codes[len++] = cursor_u16(&c);
	return len;
}

static void insert_code(struct form *form, uint16_t type, unsigned prefix, uint16_t code)
{
	uint16_t codes[CODES_MAX] = { code };
	size_t len = get_codes(form, type, prefix, codes + 1);
	set_codes(form, type, prefix, codes, len + 1);
}

static void reverse_codes(struct form *form, uint16_t type)
{
	uint16_t codes[CODES_MAX], reversed[CODES_MAX];
	size_t len = get_codes(form, type, 2, codes);
	for (size_t i = 0; i < len; i++)
		reversed[i] = codes[len - 1 - i];
	set_codes(form, type, 2, reversed, len);
}

/* Before the last one, so that what ends the hello changes by `order` alone: servers have been
 * intolerant of an empty one there. */
static size_t before_last(const struct form *form)
{
	return form->draft.extensions_len - 1;
}

/* --- what stands before the extensions --- */

/* RFC 5246 E.1: a server takes any version {03,XX} in the record; RFC 8446 5.1 ignores it. */
static void record_version(struct form *form, unsigned level)
{
	form->draft.record_version = version_code(level == 1 ? SSLV3 : TLS1_2);
}

static void session_id(struct form *form, unsigned level)
{
	form->draft.session_id = span_of(form->session_id, level == 1 ? SESSION_ID_MAX : 1);
}

/* RFC 8446 4.1.2: empty where a client does without the compatibility mode of D.4. */
static void session_id_tls13(struct form *form, unsigned level)
{
	form->draft.session_id = span_of(form->session_id, level == 1 ? 0 : 1);
}

static void suites(struct form *form, unsigned level)
{
	const struct hello_subject *subject = form->subject;
	size_t before = level == 1 ? 0 : level == 2 ? subject->others_len / 2 : subject->others_len;
	for (size_t i = 0; i < before; i++)
		form_add_suite(form, i, subject->others[i]);
	for (size_t i = before; i < subject->others_len; i++)
		form_add_suite(form, LAST, subject->others[i]);
}

static void grease_suite(struct form *form, unsigned level)
{
	form_add_suite(form, level == 1 ? FIRST : LAST, GREASE_SUITE);
}

/* Servers have kept lists of 128 or 150 suites. */
static void unknown_suite(struct form *form, unsigned level)
{
	size_t count = level == 3 ? FORM_MANY_SUITES : 1;
	for (size_t i = 0; i < count; i++)
		form_add_suite(form, level == 2 ? LAST : FIRST, (uint16_t)(CODE_UNKNOWN - i));
}

/* RFC 5746 3.4: the extension or the signalling suite, or both. */
static void renegotiation(struct form *form, unsigned level)
{
	form_add_suite(form, LAST, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
	if (level == 1)
		form_drop(form, EXT_RENEGOTIATION_INFO);
}

static void renegotiation_tls13(struct form *form, unsigned level)
{
	if (level == 1)
		form_add(form, before_last(form), EXT_RENEGOTIATION_INFO, "\0", 1);
	else
		form_add_suite(form, LAST, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

static void compression(struct form *form, unsigned level)
{
	form->draft.compression = level == 1 ? span_of("\0\1", 2) : span_of("\1\0", 2);
}

/* --- extensions that are there or not --- */

#define DROP(name, type)                                                                           \
	static void drop_##name(struct form *form, unsigned level)                                 \
	{                                                                                          \
		(void)level;                                                                       \
		form_drop(form, type);                                                             \
	}
#define ADD(name, type, body)                                                                      \
	static void add_##name(struct form *form, unsigned level)                                  \
	{                                                                                          \
		(void)level;                                                                       \
		form_add(form, before_last(form), type, body, sizeof(body) - 1);                   \
	}
DROP(server_name, EXT_SERVER_NAME)
DROP(extended_master_secret, EXT_EXTENDED_MASTER_SECRET)
DROP(encrypt_then_mac, EXT_ENCRYPT_THEN_MAC)
DROP(session_ticket, EXT_SESSION_TICKET)
ADD(extended_master_secret, EXT_EXTENDED_MASTER_SECRET, "")
ADD(encrypt_then_mac, EXT_ENCRYPT_THEN_MAC, "")
ADD(session_ticket, EXT_SESSION_TICKET, "")
ADD(status_request, EXT_STATUS_REQUEST, "\1\0\0\0\0")
ADD(certificate_timestamp, EXT_SIGNED_CERTIFICATE_TIMESTAMP, "")
/* 2^14 bytes: what holds without it (RFC 8449 4) */
ADD(record_size_limit, EXT_RECORD_SIZE_LIMIT, "\x40\0")
/* 2^12 bytes (RFC 6066 4) */
ADD(max_fragment_length, EXT_MAX_FRAGMENT_LENGTH, "\4")
ADD(post_handshake_auth, EXT_POST_HANDSHAKE_AUTH, "")
ADD(point_formats, EXT_EC_POINT_FORMATS, "\1\0")

static void point_formats(struct form *form, unsigned level)
{
	form_drop(form, EXT_EC_POINT_FORMATS);
	if (level == 1)
		add_point_formats(form, level);
}

/* RFC 8446 4.2.1: a server that knows it agrees to a version of the list, another overlooks it. */
static void supported_versions(struct form *form, unsigned level)
{
	(void)level;
	uint16_t version = form->draft.legacy_version;
	const uint8_t body[] = { 2, (uint8_t)(version >> 8), (uint8_t)version };
	form_add(form, before_last(form), EXT_SUPPORTED_VERSIONS, body, sizeof(body));
}

static void grease_version(struct form *form, unsigned level)
{
	(void)level;
	insert_code(form, EXT_SUPPORTED_VERSIONS, 1, GREASE_VERSION);
}

static void psk_modes(struct form *form, unsigned level)
{
	form_drop(form, EXT_PSK_KEY_EXCHANGE_MODES);
	if (level == 2)
		form_add(form, before_last(form), EXT_PSK_KEY_EXCHANGE_MODES, "\2\1\0", 3);
}

static void put_share(struct builder *b, uint16_t group, struct span point)
{
	builder_u16(b, "group", group);
	struct prefix exchange = builder_open(b, "key_exchange", 2);
	builder_bytes(b, "point", point);
	builder_close(b, exchange, 0);
}

static void set_shares(struct form *form, bool grease, struct span shares)
{
	struct builder *b = &form->scratch;
	size_t from = b->len;
	struct prefix list = builder_open(b, "client_shares", 2);
	if (grease)
		put_share(b, GREASE_GROUP, span_of("\0", 1));
	builder_bytes(b, "shares", shares);
	builder_close(b, list, 0);
	form_find(form, EXT_KEY_SHARE)->body = span_of(b->at + from, b->len - from);
}

/* RFC 8446 4.2.8: no share at all asks for a HelloRetryRequest. */
static void key_share(struct form *form, unsigned level)
{
	uint8_t bytes[256];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	if (level == 1)
		put_share(&b, GROUP_SECP256R1, group_share(GROUP_SECP256R1));
	set_shares(form, false, builder_view(&b));
}

static void grease_group(struct form *form, unsigned level)
{
	insert_code(form, EXT_SUPPORTED_GROUPS, 2, GREASE_GROUP);
	if (level == 2)
		set_shares(form, true, span_skip(form_find(form, EXT_KEY_SHARE)->body, 2));
}

static void supported_groups(struct form *form, unsigned level)
{
	if (level == 1)
		reverse_codes(form, EXT_SUPPORTED_GROUPS);
	else
		insert_code(form, EXT_SUPPORTED_GROUPS, 2, CODE_UNKNOWN);
}

static void signature_algorithms(struct form *form, unsigned level)
{
	if (level == 1)
		reverse_codes(form, EXT_SIGNATURE_ALGORITHMS);
	else
		insert_code(form, EXT_SIGNATURE_ALGORITHMS, 2,
			    level == 2 ? CODE_UNKNOWN : GREASE_SCHEME);
}

static void grease_extension(struct form *form, unsigned level)
{
	form_add(form, FIRST, GREASE_EXTENSION, "", 0);
	if (level == 2)
		form_add(form, LAST, GREASE_LATER, "\0", 1);
}

static void unknown_extension(struct form *form, unsigned level)
{
	form_add(form, level == 1 ? FIRST : LAST, CODE_UNKNOWN, "\1\2\3\4\5\6\7", 7);
}

/* --- the whole --- */

/* RFC 7685 3: as much as makes the message `len` bytes long; a byte where it is longer. */
static void pad_to(struct form *form, size_t len)
{
	uint8_t zeros[4096] = { 0 };
	size_t with = form_message_len(form) + 4;
	form_add(form, LAST, EXT_PADDING, zeros, with < len ? len - with : 1);
}

static void padding(struct form *form, unsigned level)
{
	static const size_t lengths[] = { 0, 255, 256, 511, 512, 1024, 2048, 4096 };
	pad_to(form, lengths[level]);
}

/* With its key shares it is longer than 256 bytes as it is. */
static void padding_tls13(struct form *form, unsigned level)
{
	static const size_t lengths[] = { 0, 511, 512, 1024, 2048, 4096 };
	pad_to(form, lengths[level]);
}

static int compare_types(const void *left, const void *right)
{
	const struct extension_draft *a = left, *b = right;
	return a->type < b->type ? -1 : a->type > b->type;
}

static void reverse(struct form *form)
{
	struct extension_draft *items = form->extensions;
	size_t len = form->draft.extensions_len;
	for (size_t i = 0; i < len / 2; i++) {
		struct extension_draft kept = items[i];
		items[i] = items[len - 1 - i];
		items[len - 1 - i] = kept;
	}
}

static void end_with_an_empty_one(struct form *form)
{
	size_t len = form->draft.extensions_len, at = len;
	while (at-- && form->extensions[at].body.len)
		continue;
	if (at >= len) {
		form_add(form, LAST, EXT_SIGNED_CERTIFICATE_TIMESTAMP, "", 0);
		return;
	}
	struct extension_draft kept = form->extensions[at];
	memmove(form->extensions + at, form->extensions + at + 1,
		(len - 1 - at) * sizeof(form->extensions[0]));
	form->extensions[len - 1] = kept;
}

/* RFC 8446 4.2: in any order, but for pre_shared_key, of which there is none. */
static void order(struct form *form, unsigned level)
{
	if (level == 1) {
		reverse(form);
		return;
	}
	if (level == 4) {
		end_with_an_empty_one(form);
		return;
	}
	qsort(form->extensions, form->draft.extensions_len, sizeof(form->extensions[0]),
	      compare_types);
	if (level == 3)
		reverse(form);
}

static void fragmentation(struct form *form, unsigned level)
{
	form->first = level == 1;
	form->first_is_half = level == 2;
	form->piece = level == 3 ? 32 : 0;
}

static void segments(struct form *form, unsigned level)
{
	form->cut = level == 1;
	form->cut_in_half = level == 2;
}

#define BELOW_13 (VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1) | VERSION_BIT(TLS1_2))
#define ONLY_13	 VERSION_BIT(TLS1_3)
#define ALL	 (BELOW_13 | ONLY_13)

/* In the order in which they are applied. */
const struct hello_parameter hello_parameters[] = {
	{ "record_version", ALL, { "3.1", "3.0", "3.3" }, record_version },
	{ "session_id", BELOW_13, { "none", "32-bytes", "1-byte" }, session_id },
	{ "session_id", ONLY_13, { "32-bytes", "none", "1-byte" }, session_id_tls13 },
	{ PARAMETER_SUITES, ALL, { "alone", "first", "middle", "last" }, suites },
	{ "renegotiation", BELOW_13, { "extension", "suite", "both" }, renegotiation },
	{ "renegotiation", ONLY_13, { "none", "extension", "suite" }, renegotiation_tls13 },
	{ "unknown_suite", ALL, { "none", "first", "last", "150-first" }, unknown_suite },
	{ "grease_suite", ALL, { "none", "first", "last" }, grease_suite },
	{ "compression", BELOW_13, { "null", "null-deflate", "deflate-null" }, compression },
	{ PARAMETER_SERVER_NAME, ALL, { "present", "absent" }, drop_server_name },
	{ "extended_master_secret",
	  BELOW_13,
	  { "present", "absent" },
	  drop_extended_master_secret },
	{ "extended_master_secret", ONLY_13, { "absent", "present" }, add_extended_master_secret },
	{ "encrypt_then_mac", BELOW_13, { "present", "absent" }, drop_encrypt_then_mac },
	{ "encrypt_then_mac", ONLY_13, { "absent", "present" }, add_encrypt_then_mac },
	{ "session_ticket", BELOW_13, { "present", "absent" }, drop_session_ticket },
	{ "session_ticket", ONLY_13, { "absent", "present" }, add_session_ticket },
	{ "ec_point_formats", BELOW_13, { "all", "uncompressed", "absent" }, point_formats },
	{ "ec_point_formats", ONLY_13, { "absent", "uncompressed" }, add_point_formats },
	{ "status_request", ALL, { "absent", "present" }, add_status_request },
	{ "signed_certificate_timestamp", ALL, { "absent", "present" }, add_certificate_timestamp },
	{ PARAMETER_RECORD_SIZE_LIMIT, ALL, { "absent", "16384" }, add_record_size_limit },
	{ PARAMETER_MAX_FRAGMENT_LENGTH, ALL, { "absent", "4096" }, add_max_fragment_length },
	{ "post_handshake_auth", ONLY_13, { "absent", "present" }, add_post_handshake_auth },
	{ "supported_versions", BELOW_13, { "absent", "present" }, supported_versions },
	{ "grease_version", ONLY_13, { "none", "first" }, grease_version },
	{ "psk_key_exchange_modes", ONLY_13, { "psk_dhe_ke", "absent", "both" }, psk_modes },
	{ "key_share", ONLY_13, { "x25519-secp256r1", "secp256r1", "empty" }, key_share },
	{ "supported_groups", ALL, { "usual", "reversed", "unknown-first" }, supported_groups },
	{ "grease_group", BELOW_13, { "none", "first" }, grease_group },
	{ "grease_group", ONLY_13, { "none", "first", "with-share" }, grease_group },
	{ "signature_algorithms",
	  ALL,
	  { "usual", "reversed", "unknown-first", "grease-first" },
	  signature_algorithms },
	{ "unknown_extension", ALL, { "none", "first", "last" }, unknown_extension },
	{ "grease_extension", ALL, { "none", "first", "first-and-last" }, grease_extension },
	{ "padding",
	  BELOW_13,
	  { "none", "255", "256", "511", "512", "1024", "2048", "4096" },
	  padding },
	{ "padding", ONLY_13, { "none", "511", "512", "1024", "2048", "4096" }, padding_tls13 },
	{ "order", ALL, { "usual", "reversed", "ascending", "descending", "empty-last" }, order },
	{ "fragmentation", ALL, { "none", "first-byte", "halves", "32-bytes" }, fragmentation },
	{ "segments", ALL, { "one", "first-byte", "halves" }, segments },
};
const size_t hello_parameters_len = sizeof(hello_parameters) / sizeof(hello_parameters[0]);
