/* SPDX-License-Identifier: Apache-2.0 */
#include "base/cursor.h"
#include "case/case.h"
#include "live/stanza_words.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* A record as it stands; the last may promise more than there is. */
struct sent_record {
	uint8_t type;
	uint16_t version;
	size_t told;
	struct span fragment;
};

static bool record_next(struct cursor *in, struct sent_record *out)
{
	struct cursor ahead = *in;
	*out = (struct sent_record){ .type = cursor_u8(&ahead), .version = cursor_u16(&ahead) };
	out->told = cursor_u16(&ahead);
	size_t left = cursor_left(&ahead);
	bool known = out->version >> 8 == 3 || registry_name(&registry_content_types, out->type);
	if (!cursor_ok(&ahead) || !known)
		return false;
	out->fragment = cursor_take(&ahead, out->told < left ? out->told : left);
	*in = ahead;
	return true;
}

/* Records that carry one message between them, and how they cut it. */
struct carrier {
	uint8_t *message; /* room for all of the stream */
	size_t len, records;
	size_t sizes[FRAMING_SIZES_MAX + 1];
	bool is_even; /* all but the last are of one size */
};

static void carry(struct carrier *carrier, const struct sent_record *record)
{
	if (record->fragment.len)
		memcpy(carrier->message + carrier->len, record->fragment.at, record->fragment.len);
	carrier->len += record->fragment.len;
	if (carrier->records <= FRAMING_SIZES_MAX)
		carrier->sizes[carrier->records] = record->fragment.len;
	/* The record before was not the last. */
	size_t first = carrier->sizes[0];
	carrier->is_even = first > 0 && record->fragment.len > 0 &&
			   (carrier->records == 0 ||
			    (carrier->is_even && carrier->len <= first * (carrier->records + 1) &&
			     carrier->len > first * carrier->records));
	carrier->records++;
}

static size_t message_told(const struct carrier *carrier)
{
	const uint8_t *at = carrier->message;
	if (carrier->len < HANDSHAKE_HEADER_LEN)
		return SIZE_MAX;
	return HANDSHAKE_HEADER_LEN + ((size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3]);
}

/* A hello at the end of the stream may promise more than there is; of anything else, most likely,
 * only the first bytes look like a message. */
static bool may_end(uint8_t type, size_t told, size_t left, bool is_last)
{
	return told <= left || (is_last && type == HANDSHAKE_CLIENT_HELLO);
}

/* Whole messages in one record. */
static bool are_messages(struct span bytes, bool is_last)
{
	struct cursor in = cursor_over(bytes);
	while (cursor_left(&in)) {
		uint8_t type = cursor_u8(&in);
		size_t told = cursor_u24(&in), left = cursor_left(&in);
		if (!cursor_ok(&in) || !may_end(type, told, left, is_last))
			return false;
		cursor_take(&in, told < left ? told : left);
	}
	return bytes.len > 0;
}

/* False where the records that follow are not those of one message, or cannot be told as such. */
static bool carrier_read(struct carrier *out, struct cursor *in)
{
	struct cursor ahead = *in;
	struct sent_record record;
	uint16_t version = 0;
	*out = (struct carrier){ .message = out->message };
	while (message_told(out) > out->len && record_next(&ahead, &record)) {
		if (record.type != CONTENT_HANDSHAKE || record.told != record.fragment.len ||
		    (out->records && record.version != version))
			return false;
		version = record.version;
		carry(out, &record);
	}
	size_t told = message_told(out);
	bool is_whole = told != SIZE_MAX && told >= out->len &&
			may_end(out->message[0], told, out->len, !cursor_left(&ahead));
	if (!is_whole || (out->records > FRAMING_SIZES_MAX + 1 && !out->is_even))
		return false;
	*in = ahead;
	return out->records > 1;
}

static void put_framing(struct text *out, const struct sent_record *record)
{
	text_put(out, " in record { version");
	put_version(out, record->version);
	if (record->told > record->fragment.len) {
		text_put(out, " length");
		put_lie(out, record->told, record->fragment.len);
	}
	text_put(out, " }");
}

static void put_sizes(struct text *out, const struct carrier *carrier)
{
	if (carrier->is_even && carrier->records > 2) {
		text_printf(out, " in records of %zu", carrier->sizes[0]);
		return;
	}
	text_put(out, " in records split");
	for (size_t i = 0; i + 1 < carrier->records; i++)
		text_printf(out, " %zu", carrier->sizes[i]);
}

/* `alert fatal decode_error`, where it is one. */
static bool put_alert(struct text *out, struct span fragment)
{
	if (fragment.len != 2)
		return false;
	const char *name = registry_name(&registry_alerts, fragment.at[1]);
	if (fragment.at[0] == ALERT_WARNING || fragment.at[0] == ALERT_FATAL)
		text_put(out, fragment.at[0] == ALERT_FATAL ? " alert fatal" : " alert warning");
	else
		text_printf(out, " alert %u", fragment.at[0]);
	if (name)
		text_join(out, " ", name);
	else
		text_printf(out, " %u", fragment.at[1]);
	return true;
}

static void put_record(struct text *out, const struct sent_record *record, bool is_last)
{
	const char *name = registry_name(&registry_content_types, record->type);
	if (record->type == CONTENT_ALERT && put_alert(out, record->fragment)) {
		put_framing(out, record);
		return;
	}
	if (name && record->type != CONTENT_HANDSHAKE)
		text_join(out, " ", name);
	else if (name)
		text_put(out, " record handshake");
	else
		text_printf(out, " record %u", record->type);
	text_put(out, " {");
	if (record->type == CONTENT_HANDSHAKE && are_messages(record->fragment, is_last))
		put_messages(out, record->fragment);
	else
		put_bytes(out, record->fragment);
	text_put(out, " }");
	put_framing(out, record);
}

/* A message that is alone in its record needs no word about that. */
static bool put_alone(struct text *out, const struct sent_record *record, bool is_last)
{
	struct cursor in = cursor_over(record->fragment);
	uint8_t type = cursor_u8(&in);
	size_t told = cursor_u24(&in), left = cursor_left(&in);
	if (record->type != CONTENT_HANDSHAKE || !cursor_ok(&in) ||
	    record->fragment.len > RECORD_PLAINTEXT_MAX || told < left ||
	    !may_end(type, told, left, is_last))
		return false;
	put_messages(out, record->fragment);
	put_framing(out, record);
	return true;
}

static void put_item(struct text *out, struct cursor *in, struct carrier *carrier)
{
	struct sent_record record;
	struct cursor first = *in;
	if (!record_next(&first, &record)) {
		text_put(out, " bytes");
		put_block(out, cursor_rest(in));
		return;
	}
	if (carrier_read(carrier, in)) {
		put_messages(out, span_of(carrier->message, carrier->len));
		put_framing(out, &record);
		put_sizes(out, carrier);
		return;
	}
	*in = first;
	if (!put_alone(out, &record, !cursor_left(in)))
		put_record(out, &record, !cursor_left(in));
}

bool put_stream(struct text *out, struct span stream, uint8_t *room)
{
	struct carrier carrier = { .message = room };
	struct cursor in = cursor_over(stream);
	struct sent_record record;
	struct cursor first = in;
	if (!record_next(&first, &record))
		return put_sslv2(out, stream);
	while (cursor_left(&in)) {
		text_put(out, in.at ? "," : "");
		put_item(out, &in, &carrier);
	}
	return true;
}
