/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/performance_internal.h"
#include "registry/registry.h"
#include "wire/record.h"

#define FIRST_CAP     2048
#define SEAL_OVERHEAD 512 /* header, nonce, padding, MAC */

static bool reserve(struct performance *p, size_t more)
{
	size_t need = p->out_len + more, cap = p->out_cap ? p->out_cap : FIRST_CAP;
	if (need <= p->out_cap)
		return true;
	while (cap < need)
		cap *= 2;
	uint8_t *bytes = arena_alloc(p->exchange->arena, cap);
	if (!bytes)
		return false;
	if (p->out_len)
		memcpy(bytes, p->out, p->out_len);
	p->out = bytes;
	p->out_cap = cap;
	return true;
}

bool performance_is_readable(const struct performance *p)
{
	if (!p->handshake)
		return false;
	const struct handshake_facts *facts = handshake_facts(p->handshake);
	/* Whatever makes keys logs them. */
	return facts->key_log_len && facts->phase != PHASE_UNABLE && facts->phase != PHASE_ALERTED;
}

void performance_catch_up(struct performance *p)
{
	const struct stream *stream = &p->exchange->stream;
	if (!p->handshake)
		return;
	p->follows = true;
	if (p->fed < p->clear_len)
		p->fed = p->clear_len;
	if (stream->at <= p->fed)
		return;
	handshake_input(p->handshake, span_of(stream->bytes + p->fed, stream->at - p->fed));
	p->fed = stream->at;
}

static struct span right_body(void *context, uint8_t type)
{
	struct performance *p = context;
	performance_catch_up(p);
	return p->handshake ? handshake_body(p->handshake, type) : span_of(NULL, 0);
}

static void note_hello(struct performance *p, struct span whole)
{
	const struct case_setting *setting = &p->conduct->setting;
	struct handshake_options options = {
		.client_hello = whole,
		.seed = setting->seed,
		.stream = setting->stream,
		.directed = true,
	};
	if (!p->started_hello)
		p->handshake = handshake_new(p->exchange->arena, &options);
	else if (p->handshake)
		handshake_note_message(p->handshake, whole);
}

/* The handshake must know what came before what is sent now. */
static void note(struct performance *p, const struct wire_unit *unit)
{
	if (p->started_hello && (unit->ends_message.at || unit->is_change_cipher_spec))
		performance_catch_up(p);
	if (unit->is_client_hello)
		note_hello(p, unit->ends_message.at ? unit->ends_message : unit->hello);
	else if (unit->ends_message.at && p->handshake)
		handshake_note_message(p->handshake, unit->ends_message);
	else if (unit->is_change_cipher_spec && p->handshake)
		handshake_note_change_cipher_spec(p->handshake);
	if (unit->is_client_hello)
		p->started_hello = true;
	if (unit->is_client_hello && unit->hello.len)
		p->hello = unit->hello;
}

static void lie_about_length(uint8_t *header, const struct lie *lie)
{
	int32_t length = header[3] << 8 | header[4];
	if (lie->kind == LIE_NONE)
		return;
	length = lie->kind == LIE_ADD ? length + lie->by : lie->by;
	header[3] = (uint8_t)(length >> 8);
	header[4] = (uint8_t)length;
}

/* The compatibility record of TLS 1.3 is never protected (RFC 8446 D.4), but for one that is
 * spelled out: `record change_cipher_spec { 01 }`. */
static bool is_dummy(const struct performance *p, const struct item *item)
{
	return p->tls13 && item->name && strcmp(item->name, "change_cipher_spec") == 0;
}

static bool is_sealed(const struct performance *p, const struct item *item,
		      const struct wire_unit *unit)
{
	if (unit->raw || unit->clear || is_dummy(p, item))
		return false;
	return p->handshake && handshake_is_sealing(p->handshake);
}

static enum fault write_unit(struct performance *p, const struct item *item,
			     const struct wire_unit *unit)
{
	struct builder b;
	enum fault fault = FAULT_NONE;
	if (!reserve(p, unit->fragment.len + SEAL_OVERHEAD))
		return FAULT_TOO_LARGE;
	uint8_t *at = p->out + p->out_len;
	builder_init(&b, at, p->out_cap - p->out_len, NULL, 0);
	if (unit->raw) {
		builder_bytes(&b, "bytes", unit->fragment);
	} else if (is_sealed(p, item, unit)) {
		fault = handshake_seal_record(p->handshake, &b, unit->type, unit->version,
					      unit->fragment, unit->spoil);
	} else {
		/* A fragment over 65535 bytes shows in the length as far as it fits. */
		struct record record = { unit->type, unit->version, unit->fragment };
		record_encode(&b, &record, 0);
	}
	if (fault == FAULT_NONE)
		fault = builder_fault(&b);
	if (fault != FAULT_NONE)
		return fault;
	if (!unit->raw && b.len >= RECORD_HEADER_LEN)
		lie_about_length(at, &unit->length);
	p->out_len += b.len;
	note(p, unit);
	return FAULT_NONE;
}

static enum fault write_step(struct performance *p, const struct step *step)
{
	struct case_connection connection = {
		.last_hello = p->hello,
		.retry_group = p->retry_group,
		.retry_cookie = p->retry_cookie,
		.context = p,
		.message_body = right_body,
	};
	struct wire_units units = { .len = 0 };
	enum fault fault = case_encode_step(&units, p->of, step, &p->conduct->setting, &connection,
					    p->exchange->arena);
	for (size_t i = 0; i < units.len && fault == FAULT_NONE; i++)
		fault = write_unit(p, &step->items[0], &units.at[i]);
	return fault;
}

static void begin_records(struct performance *p, const struct step *step)
{
	for (size_t i = 0; i < step->items_len; i++) {
		const struct item *item = &step->items[i];
		bool hello =
			item->kind == ITEM_MESSAGE && item->message.type == HANDSHAKE_CLIENT_HELLO;
		if (item->kind == ITEM_SSLV2)
			p->exchange->stream.sslv2 = true;
		if (p->clear && (hello || item->kind == ITEM_SSLV2 || item->kind == ITEM_RECORD)) {
			p->clear = false;
			p->clear_len = p->exchange->stream.len;
			p->exchange->stream.at = p->clear_len;
		}
	}
}

enum fault performance_encode(struct performance *p, const struct step *step)
{
	enum fault fault = FAULT_NONE;
	p->out_len = p->out_at = p->segment_end = p->segment = 0;
	p->sending = step;
	p->out = NULL;
	p->out_cap = 0;
	begin_records(p, step);
	/* Item by item: a message by rule depends on what was sent right before it. */
	struct step one = *step;
	one.items_len = 1;
	for (size_t i = 0; i < step->items_len && fault == FAULT_NONE; i++) {
		one.items = &step->items[i];
		fault = write_step(p, &one);
	}
	p->out_len -= step->withhold < p->out_len ? step->withhold : p->out_len;
	return fault;
}

bool performance_next_segment(struct performance *p)
{
	const struct step *step = p->sending;
	size_t left = p->out_len - p->out_at, size = left;
	if (step->every_segment)
		size = step->segments_len ? step->segments[0] : left;
	/* A segment of no bytes is none. */
	while (!step->every_segment && p->segment < step->segments_len) {
		size = step->segments[p->segment++];
		if (size)
			break;
		size = left;
	}
	size = size && size < left ? size : left;
	p->segment_end = p->out_at + size;
	return size > 0;
}
