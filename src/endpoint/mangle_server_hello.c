/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/mangle_server_hello.h"
#include "base/limits.h"
#include "registry/registry.h"
#include "wire/extension/extension.h"
#include "wire/handshake.h"
#include "wire/record.h"
#include "wire/server_hello.h"
#include "wire/sslv2.h"

#define BLOCK_MAX 512

/* A ServerHello taken apart; `extensions` is rewritten into `block`. */
struct edit {
	struct server_hello hello;
	uint8_t random[RANDOM_LEN];
	uint8_t session_id[SESSION_ID_MAX + 1];
	uint8_t block_bytes[BLOCK_MAX];
	struct builder block;
	uint16_t record_version;
	int32_t block_lie;
	struct span tail;
};

static void extension_write(struct builder *b, uint16_t type, struct span body)
{
	builder_u16(b, "type", type);
	struct prefix prefix = builder_open(b, "body", 2);
	builder_bytes(b, "bytes", body);
	builder_close(b, prefix, 0);
}

/* RFC 8446 4.1.3: TLS 1.1 or below, from a server that has TLS 1.2. */
static void random_edit(struct edit *edit, const struct mangle *mangle)
{
	static const uint8_t sentinel[] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 0 };
	static const uint8_t from_tls13[] = { 'D', 'O', 'W', 'N', 'G', 'R', 'D', 1 };
	const uint8_t *end = NULL;
	if (mangle->sentinel && mangle->defect != DEFECT_NO_DOWNGRADE_SENTINEL)
		end = sentinel;
	if (!mangle->sentinel && mangle->defect == DEFECT_FALSE_SENTINEL)
		end = from_tls13;
	if (mangle->defect == DEFECT_SAME_RANDOM)
		memset(edit->random, 0x5A, sizeof edit->random);
	if (end)
		memcpy(edit->random + sizeof edit->random - sizeof sentinel, end, sizeof sentinel);
}

static void fields_edit(struct edit *edit, const struct mangle *mangle)
{
	struct server_hello *hello = &edit->hello;
	switch (mangle->defect) {
	case DEFECT_ECHOES_LOWER_VERSION:
		hello->legacy_version--;
		break;
	case DEFECT_ECHOES_HIGHER_VERSION:
		hello->legacy_version++;
		break;
	case DEFECT_PICKS_UNOFFERED_SUITE:
		hello->suite = 0xC09F; /* TLS_DHE_RSA_WITH_AES_256_CCM */
		break;
	case DEFECT_PICKS_UNKNOWN_SUITE:
		hello->suite = 0x9F9F;
		break;
	case DEFECT_PICKS_SIGNALLING_SUITE:
		hello->suite = SUITE_EMPTY_RENEGOTIATION_INFO_SCSV;
		break;
	case DEFECT_PICKS_COMPRESSION:
		hello->compression = 1;
		break;
	case DEFECT_LONG_SESSION_ID:
		hello->session_id = span_of(edit->session_id, SESSION_ID_MAX + 1);
		break;
	case DEFECT_TICKETBLEED:
		/* CVE-2016-9244: a short session id is answered with 32 bytes of memory. */
		if (!mangle->session_id_len)
			break;
		memcpy(edit->session_id, mangle->session_id, mangle->session_id_len);
		hello->session_id = span_of(edit->session_id, SESSION_ID_MAX);
		break;
	case DEFECT_WRONG_RECORD_VERSION:
		edit->record_version = 0x0300;
		break;
	case DEFECT_TRAILING_BYTES:
		edit->tail = span_of("\0\0", 2);
		break;
	case DEFECT_WRONG_EXTENSIONS_LENGTH:
		edit->block_lie = 1;
		break;
	default:
		break;
	}
}

static bool extension_is_left_out(enum defect defect, uint16_t type)
{
	return (defect == DEFECT_OMITS_RENEGOTIATION_INFO && type == EXT_RENEGOTIATION_INFO) ||
	       (defect == DEFECT_OMITS_ALL_EXTENSIONS);
}

static void extensions_copy(struct edit *edit, enum defect defect)
{
	struct cursor in = cursor_over(edit->hello.extensions);
	struct extension_item item;
	while (extension_next(&in, &item)) {
		struct span body = item.data;
		bool renegotiation = item.type == EXT_RENEGOTIATION_INFO;
		if (extension_is_left_out(defect, item.type))
			continue;
		if (renegotiation && defect == DEFECT_FILLS_RENEGOTIATION_INFO)
			body = span_of("\x0c"
				       "123456789abc",
				       13);
		if (item.type == EXT_EC_POINT_FORMATS && defect == DEFECT_COMPRESSED_POINTS_ONLY)
			body = span_of("\x01\x01", 2);
		extension_write(&edit->block, item.type, body);
		if (renegotiation && defect == DEFECT_REPEATS_EXTENSION)
			extension_write(&edit->block, item.type, body);
	}
}

static void extensions_add(struct edit *edit, const struct mangle *mangle)
{
	switch (mangle->defect) {
	case DEFECT_ADDS_UNKNOWN_EXTENSION:
		extension_write(&edit->block, 0xABCD, span_of("x", 1));
		break;
	case DEFECT_ADDS_SESSION_TICKET:
		extension_write(&edit->block, EXT_SESSION_TICKET, span_of(NULL, 0));
		break;
	case DEFECT_ADDS_HEARTBEAT:
		extension_write(&edit->block, EXT_HEARTBEAT, span_of("\x01", 1));
		break;
	case DEFECT_ADDS_ALPN:
		extension_write(&edit->block, EXT_ALPN,
				span_of("\0\x03\x02"
					"xx",
					5));
		break;
	case DEFECT_ADDS_SUPPORTED_VERSIONS:
		extension_write(&edit->block, EXT_SUPPORTED_VERSIONS, span_of("\x03\x03", 2));
		break;
	case DEFECT_ETM_WITH_AEAD:
		if (mangle->offers_etm)
			extension_write(&edit->block, EXT_ENCRYPT_THEN_MAC, span_of(NULL, 0));
		break;
	case DEFECT_HEARTBLEED:
		if (mangle->offers_heartbeat)
			extension_write(&edit->block, EXT_HEARTBEAT, span_of("\x01", 1));
		break;
	default:
		break;
	}
}

static void hello_write(struct builder *out, const struct edit *edit)
{
	size_t at = out->len;
	uint8_t header[RECORD_HEADER_LEN] = { 0 };
	const struct server_hello *hello = &edit->hello;
	builder_bytes(out, "header", span_of(header, sizeof header));
	struct handshake_open open = handshake_open(out, "server_hello", HANDSHAKE_SERVER_HELLO);
	builder_u16(out, "version", hello->legacy_version);
	builder_bytes(out, "random", span_of(edit->random, sizeof edit->random));
	struct prefix session_id = builder_open(out, "session_id", 1);
	builder_bytes(out, "bytes", hello->session_id);
	builder_close(out, session_id, 0);
	builder_u16(out, "suite", hello->suite);
	builder_u8(out, "compression", hello->compression);
	if (edit->block.len) {
		struct prefix block = builder_open(out, "extensions", 2);
		builder_bytes(out, "bytes", builder_view(&edit->block));
		builder_close(out, block, edit->block_lie);
	}
	builder_bytes(out, "tail", edit->tail);
	handshake_close(out, open, 0);
	if (builder_fault(out) == FAULT_NONE)
		record_header_encode(out->at + at, CONTENT_HANDSHAKE, edit->record_version,
				     (uint16_t)(out->len - at - RECORD_HEADER_LEN));
}

void server_hello_mangle(const struct mangle *mangle, uint16_t record_version, struct span body,
			 struct builder *out)
{
	struct edit edit = { .record_version = record_version };
	if (server_hello_decode(&edit.hello, cursor_over(body)) != FAULT_NONE)
		return;
	builder_init(&edit.block, edit.block_bytes, sizeof edit.block_bytes, NULL, 0);
	memcpy(edit.random, edit.hello.random.at, sizeof edit.random);
	memset(edit.session_id, 0xA5, sizeof edit.session_id);
	random_edit(&edit, mangle);
	fields_edit(&edit, mangle);
	extensions_copy(&edit, mangle->defect);
	extensions_add(&edit, mangle);
	hello_write(out, &edit);
	if (mangle->defect == DEFECT_SENDS_SERVER_HELLO_TWICE)
		hello_write(out, &edit);
}

/* --- versions and suites that mbedTLS does not have --- */

static void sslv2_forge(struct builder *out, struct span random)
{
	/* SSL_CK_RC4_128_WITH_MD5, as no certificate goes with it (draft-hickman 1.4). */
	struct sslv2_server_hello hello = {
		.certificate_type = 1,
		.version = version_code(SSLV2),
		.kinds = span_of("\x01\0\x80", 3),
		.connection_id = span_of(random.at, 16),
	};
	sslv2_server_hello_encode(out, &hello);
}

void server_hello_forge(struct builder *out, enum version version, uint16_t suite,
			struct span random)
{
	if (version == SSLV2) {
		sslv2_forge(out, random);
		return;
	}
	struct edit edit = {
		.record_version = version_code(version),
		.hello = { .legacy_version = version_code(version), .suite = suite },
	};
	builder_init(&edit.block, edit.block_bytes, sizeof edit.block_bytes, NULL, 0);
	memcpy(edit.random, random.at, sizeof edit.random);
	hello_write(out, &edit);
}
