/* SPDX-License-Identifier: Apache-2.0 */
#include "base/fingerprint.h"
#include "crypto/key_exchange.h"
#include "probe/encode_extensions.h"
#include "probe/exchange_internal.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/server_hello.h"
#include "wire/server_key_exchange.h"
#include "wire/sslv2.h"

#define HANDSHAKE_SUPPLEMENTAL_DATA 23
#define SSLV2_ERROR		    0

bool flight_is_partial(const struct exchange *exchange)
{
	const struct stream *stream = &exchange->stream;
	return stream->at < stream->len || stream->message_len > 0;
}

void exchange_note_server_hello(struct exchange *exchange, const struct server_hello *hello)
{
	struct observation *seen = &exchange->observation;
	seen->version_code = hello->version;
	seen->version = version_by_code(hello->version);
	if (seen->version == SSLV2)
		seen->version = VERSION_NONE;
	seen->suite = hello->suite;
	seen->compression = hello->compression;
	seen->downgrade = hello->downgrade;
	seen->random = fingerprint_span(FINGERPRINT_BEGIN, hello->random);
	seen->group = hello->selected_group;
	if (hello->has_extensions)
		seen->server_extensions = arena_copy(exchange->keep, hello->extensions);
}

static bool can_follow(const struct exchange *exchange, const struct server_hello *hello)
{
	uint16_t group = hello->selected_group;
	if (exchange->probe->kind != PROBE_HELLO || exchange->probe->version != TLS1_3 ||
	    exchange->observation.retried_hello || exchange_output(exchange).len)
		return false;
	if (group == 0)
		return hello->cookie.len > 0;
	return probe_offers_group(exchange->probe, group) && !probe_shares_group(group) &&
	       group_share(group).len > 0;
}

/* RFC 8446 4.1.4: the same hello again, with the share and the cookie that were asked for. */
static void take_retry_request(struct exchange *exchange, const struct server_hello *hello)
{
	struct retry retry = { .group = hello->selected_group, .cookie = hello->cookie };
	if (can_follow(exchange, hello) && exchange_encode(exchange, &retry) == FAULT_NONE) {
		exchange->observation.retried_hello = true;
		return;
	}
	exchange_note_server_hello(exchange, hello);
	raw_check(exchange, hello);
	exchange_conclude(exchange, OUTCOME_HELLO_RETRY_REQUEST, LAYER_TLS);
}

static void take_server_hello(struct exchange *exchange, const struct stream_event *event)
{
	struct server_hello hello;
	if (server_hello_decode(&hello, cursor_over(event->body)) != FAULT_NONE) {
		raw_check_undecoded(exchange, event->body);
		exchange_garbage(exchange, LAYER_TLS, "the ServerHello is malformed");
		return;
	}
	if (hello.is_retry_request) {
		take_retry_request(exchange, &hello);
		return;
	}
	exchange_note_server_hello(exchange, &hello);
	raw_check(exchange, &hello);
	raw_check_record(exchange, &hello, event->record_version);
	exchange->server_hello_seen = true;
	if (deep_wanted(exchange) && deep_begin(exchange))
		return;
	if (exchange->probe->depth > DEPTH_HELLO && exchange->observation.version == SSLV3)
		exchange->observation.unable = "SSLv3 is not followed beyond the ServerHello";
	/* From here on TLS 1.3 is encrypted. */
	if (!exchange->probe->whole_flight || exchange->observation.version >= TLS1_3)
		exchange_conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
}

static void take_certificates(struct exchange *exchange, struct span body)
{
	struct observation *seen = &exchange->observation;
	struct certificate_list list;
	if (seen->certificates ||
	    certificate_list_decode(&list, cursor_over(body), false) != FAULT_NONE) {
		exchange_garbage(exchange, LAYER_TLS, "the Certificate message is malformed");
		return;
	}
	exchange_keep_certificates(exchange, &list);
}

bool exchange_note_key_exchange(struct exchange *exchange, struct span body)
{
	struct observation *seen = &exchange->observation;
	const struct cipher_suite *suite = cipher_suite_by_code(seen->suite);
	if (!suite)
		return true;
	struct server_key_exchange key;
	enum fault fault =
		server_key_exchange_decode(&key, cursor_over(body), suite, seen->version);
	if (fault != FAULT_NONE)
		return fault != FAULT_MALFORMED;
	seen->group = key.group;
	seen->dh_bits = span_bits(key.dh_p);
	seen->signature_scheme = key.signature_scheme;
	return true;
}

static void take_done(struct exchange *exchange, struct span body)
{
	if (server_hello_done_decode(cursor_over(body)) != FAULT_NONE) {
		exchange_garbage(exchange, LAYER_TLS, "the ServerHelloDone is malformed");
		return;
	}
	exchange->observation.flight_complete = true;
	exchange_conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
}

/* RFC 5246 7.3: what may stand between ServerHello and ServerHelloDone. */
static void take_flight(struct exchange *exchange, const struct stream_event *event)
{
	switch (event->type) {
	case HANDSHAKE_CERTIFICATE:
		take_certificates(exchange, event->body);
		return;
	case HANDSHAKE_SERVER_KEY_EXCHANGE:
		if (!exchange_note_key_exchange(exchange, event->body))
			exchange_garbage(exchange, LAYER_TLS, "the ServerKeyExchange is malformed");
		return;
	case HANDSHAKE_CERTIFICATE_REQUEST:
		exchange->observation.certificate_requested = true;
		return;
	case HANDSHAKE_SERVER_HELLO_DONE:
		take_done(exchange, event->body);
		return;
	case HANDSHAKE_CERTIFICATE_STATUS:
	case HANDSHAKE_SUPPLEMENTAL_DATA:
		return;
	default:
		exchange_garbage(exchange, LAYER_TLS,
				 "an unexpected handshake message followed the ServerHello");
	}
}

static void take_handshake(struct exchange *exchange, const struct stream_event *event)
{
	if (event->type == HANDSHAKE_HELLO_REQUEST)
		return;
	if (exchange->server_hello_seen)
		take_flight(exchange, event);
	else if (event->type == HANDSHAKE_SERVER_HELLO)
		take_server_hello(exchange, event);
	else
		exchange_garbage(exchange, LAYER_TLS,
				 "a handshake message that is no ServerHello came first");
}

/* A warning (unrecognized_name, for one) is passed over, unless it is all that comes. */
static void take_alert(struct exchange *exchange, const struct stream_event *event)
{
	if (event->level == ALERT_WARNING && event->description != ALERT_CLOSE_NOTIFY) {
		exchange->warned = true;
		exchange->warning = event->description;
		return;
	}
	if (event->level != ALERT_WARNING && event->level != ALERT_FATAL) {
		exchange_garbage(exchange, LAYER_TLS, "an alert has an unknown level");
		return;
	}
	exchange->observation.alert_level = event->level;
	exchange->observation.alert = event->description;
	exchange_conclude(exchange, OUTCOME_ALERT, LAYER_TLS);
	if (exchange->probe->kind == PROBE_RAW && event->level == ALERT_FATAL)
		raw_look_behind(exchange);
}

/* An SSLv2 ERROR (no cipher in common, mostly) is followed by a close; its code is kept in words.
 */
static void take_sslv2(struct exchange *exchange, const struct stream_event *event)
{
	struct observation *seen = &exchange->observation;
	struct sslv2_server_hello hello;
	if (event->type == SSLV2_ERROR && event->body.len == 3) {
		seen->message =
			arena_printf(exchange->keep, "SSLv2 ERROR 0x%02X%02X",
				     (unsigned)event->body.at[1], (unsigned)event->body.at[2]);
		exchange_conclude(exchange, OUTCOME_CLOSE, LAYER_TLS);
		return;
	}
	if (sslv2_server_hello_decode(&hello, cursor_over(event->body)) != FAULT_NONE) {
		exchange_garbage(exchange, LAYER_TLS, "the SSLv2 SERVER-HELLO is malformed");
		return;
	}
	seen->version_code = hello.version;
	seen->version = hello.version == version_code(SSLV2) ? SSLV2 : VERSION_NONE;
	seen->kinds = arena_copy(exchange->keep, hello.kinds);
	exchange_conclude(exchange, OUTCOME_SERVER_HELLO, LAYER_TLS);
}

static void take_event(struct exchange *exchange, const struct stream_event *event)
{
	switch (event->kind) {
	case STREAM_HANDSHAKE:
		take_handshake(exchange, event);
		return;
	case STREAM_ALERT:
		take_alert(exchange, event);
		return;
	case STREAM_SSLV2:
		take_sslv2(exchange, event);
		return;
	case STREAM_CHANGE_CIPHER_SPEC:
		/* RFC 8446 D.4: a middlebox-friendly server sends one behind its retry request. */
		if (!exchange->observation.retried_hello)
			exchange_garbage(exchange, LAYER_TLS, "an early change_cipher_spec came");
		return;
	case STREAM_MALFORMED:
		exchange_garbage(exchange, LAYER_TLS, event->what);
		return;
	default:
		exchange_garbage(exchange, LAYER_TLS, "a record came that is not of a handshake");
	}
}

/* HTTP is told by name; returns false while the first bytes may still become it. */
static bool is_not_http(struct exchange *exchange)
{
	static const char http[] = "HTTP/";
	struct span received = stream_received(&exchange->stream);
	size_t n = received.len < sizeof(http) - 1 ? received.len : sizeof(http) - 1;
	if (memcmp(received.at, http, n) != 0)
		return true;
	if (n == sizeof(http) - 1)
		exchange_garbage(exchange, LAYER_TLS, "the peer speaks HTTP");
	return false;
}

void flight_read(struct exchange *exchange)
{
	struct stream_event event;
	if (!is_not_http(exchange))
		return;
	while (exchange->phase == EXCHANGE_TLS && !exchange->handshake) {
		stream_next(&exchange->stream, &event);
		if (event.kind == STREAM_NEED_MORE)
			return;
		take_event(exchange, &event);
	}
}
