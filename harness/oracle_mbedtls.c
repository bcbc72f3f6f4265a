/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_mbedtls.h"

#include <mbedtls/ssl_internal.h>

#include "registry/registry.h"
#include "unseen.h"
#include "wire/stream.h"

UNSEEN_BEGIN

#define TALK_ARENA_MAX	 ((size_t)4 << 20)
#define ALERT_RECORD_LEN 7

static void add_message(struct talk *talk, const struct stream_event *event)
{
	if (talk->len == TALK_MESSAGES_MAX)
		return;
	talk->types[talk->len] = event->type;
	talk->bodies[talk->len++] = event->body;
}

static void add_alert(struct talk *talk, const struct stream_event *event)
{
	bool is_level = event->level == ALERT_WARNING || event->level == ALERT_FATAL;
	talk->fatal_alerts += event->level == ALERT_FATAL;
	talk->has_odd_alert |= !is_level || !registry_name(&registry_alerts, event->description);
}

/* One event after another; after ChangeCipherSpec only the outside of a record is known. */
static void add(struct talk *talk, struct stream *stream, const struct stream_event *event)
{
	talk->spoke_after_fatal |= talk->fatal_alerts > 0;
	if (event->kind == STREAM_HANDSHAKE)
		add_message(talk, event);
	if (event->kind == STREAM_ALERT)
		add_alert(talk, event);
	if (event->kind == STREAM_RECORD)
		talk->protected_messages += event->type == CONTENT_HANDSHAKE;
	if (event->kind == STREAM_CHANGE_CIPHER_SPEC)
		stream->raw = talk->has_switched = true;
}

void talk_read(struct talk *out, struct arena *arena, struct span bytes)
{
	struct stream stream;
	struct stream_event event;
	*out = (struct talk){ 0 };
	stream_init(&stream, arena, false);
	stream_feed(&stream, bytes);
	for (;;) {
		harness_step();
		stream_next(&stream, &event);
		if (event.kind == STREAM_NEED_MORE || event.kind == STREAM_MALFORMED)
			break;
		add(out, &stream, &event);
	}
	out->is_readable = event.kind == STREAM_NEED_MORE;
	out->is_whole = out->is_readable && stream.at == stream.len && !stream.message &&
			!stream.pending.len;
}

struct span talk_find(const struct talk *talk, uint8_t type)
{
	for (size_t i = 0; i < talk->len; i++) {
		if (talk->types[i] == type)
			return talk->bodies[i];
	}
	return span_of(NULL, 0);
}

bool talk_in_order(const struct talk *talk, struct span order)
{
	size_t next = 0;
	for (size_t i = 0; i < talk->len; i++) {
		while (next < order.len && order.at[next] != talk->types[i])
			next++;
		if (next++ == order.len)
			return false;
	}
	return true;
}

bool oracle_mbedtls_offers(const mbedtls_ssl_config *conf, uint16_t suite)
{
	const int *list = conf->ciphersuite_list[MBEDTLS_SSL_MINOR_VERSION_3];
	while (*list && *list != suite)
		list++;
	return *list != 0;
}

bool oracle_mbedtls_allows(const mbedtls_ssl_config *conf, uint16_t version)
{
	return version >> 8 == MBEDTLS_SSL_MAJOR_VERSION_3 &&
	       (version & 0xFF) >= conf->min_minor_ver && (version & 0xFF) <= conf->max_minor_ver;
}

bool oracle_mbedtls_exists(const struct cipher_suite *suite, uint16_t version)
{
	if (!suite)
		return false;
	return cipher_suite_in(suite, version_by_code(version)) ||
	       (strstr(suite->cipher, "CAMELLIA") && cipher_suite_is_cbc(suite));
}

bool oracle_mbedtls_is_first(const struct rig_mbedtls *rig)
{
	return rig->is_done && rig->ssl.renego_status == MBEDTLS_SSL_INITIAL_HANDSHAKE;
}

/* Done is who has said Finished, has heard one, and has both switched keys. */
static void check_done(const struct rig_mbedtls *rig, const struct talk *sent,
		       const struct talk *heard)
{
	if (!rig->is_done)
		return;
	CHECK(sent->has_switched && sent->protected_messages);
	CHECK(!heard->is_readable || (heard->has_switched && heard->protected_messages));
	CHECK(!sent->fatal_alerts && !heard->fatal_alerts);
	const mbedtls_ssl_session *session = rig->ssl.session;
	CHECK(session && oracle_mbedtls_offers(&rig->conf, (uint16_t)session->ciphersuite));
}

/*
 * What was said, but for the last alert when it stands in a record of another protocol: mbedTLS
 * refuses a hello of a version with another major number in a record of just that version, which is
 * no record of TLS (RFC 5246 E.1); see docs/fuzzing.md. Its length tells it from the end of a
 * protected record, which can look like anything.
 */
static struct span what_was_said(const struct rig_mbedtls *rig)
{
	struct span said = span_of(rig->sent, rig->sent_len);
	struct span last = span_skip(said, said.len - ALERT_RECORD_LEN);
	if (said.len >= ALERT_RECORD_LEN && last.at[0] == CONTENT_ALERT &&
	    last.at[1] != MBEDTLS_SSL_MAJOR_VERSION_3 && last.at[3] == 0 && last.at[4] == 2 &&
	    last.at[6] == ALERT_PROTOCOL_VERSION)
		said.len -= ALERT_RECORD_LEN;
	return said;
}

void oracle_mbedtls(const struct rig_mbedtls *rig)
{
	struct talk sent, heard;
	struct arena *arena = harness_arena(0, TALK_ARENA_MAX);
	talk_read(&sent, arena, what_was_said(rig));
	talk_read(&heard, arena, span_of(rig->input.at, rig->heard));
	CHECK(sent.is_whole && !sent.has_odd_alert && !sent.spoke_after_fatal);
	check_done(rig, &sent, &heard);
	if (rig->side == RIG_SERVER)
		oracle_mbedtls_server(rig, &sent, &heard);
	else
		oracle_mbedtls_client(rig, &sent, &heard);
}

UNSEEN_END
