/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_mbedtls.h"

#include <mbedtls/platform.h>
#include <mbedtls/ssl_internal.h>

int rig_mbedtls_random(void *rng, unsigned char *out, size_t len)
{
	rng_fill(rng, out, len);
	return 0;
}

static int receive(void *opaque, unsigned char *out, size_t len)
{
	struct rig_mbedtls *rig = opaque;
	struct span left = span_skip(rig->input, rig->heard);
	size_t most = rig->bytewise ? 1 : len;
	size_t n = left.len < most ? left.len : most;
	if (!n)
		return MBEDTLS_ERR_SSL_WANT_READ;
	memcpy(out, left.at, n);
	rig->heard += n;
	return (int)n;
}

static int send(void *opaque, const unsigned char *bytes, size_t len)
{
	struct rig_mbedtls *rig = opaque;
	CHECK(len <= RIG_SENT_MAX - rig->sent_len);
	memcpy(rig->sent + rig->sent_len, bytes, len);
	rig->sent_len += len;
	return (int)len;
}

/* Everything that the context owns but its two buffers, so that a run owns nothing of another's. */
static void rest(mbedtls_ssl_context *ssl)
{
	if (ssl->handshake) {
		mbedtls_ssl_handshake_free(ssl);
		mbedtls_ssl_transform_free(ssl->transform_negotiate);
		mbedtls_ssl_session_free(ssl->session_negotiate);
	}
	if (ssl->transform)
		mbedtls_ssl_transform_free(ssl->transform);
	if (ssl->session)
		mbedtls_ssl_session_free(ssl->session);
	mbedtls_free(ssl->handshake);
	mbedtls_free(ssl->transform_negotiate);
	mbedtls_free(ssl->session_negotiate);
	mbedtls_free(ssl->transform);
	mbedtls_free(ssl->session);
	ssl->handshake = NULL;
	ssl->transform_negotiate = ssl->transform = NULL;
	ssl->session_negotiate = ssl->session = NULL;
	CHECK(mbedtls_ssl_set_hostname(ssl, NULL) == 0);
}

static struct rig_mbedtls *rig_of(enum rig_side side)
{
	static struct rig_mbedtls rigs[RIG_SIDES];
	static bool prepared;
	if (harness_once(&prepared)) {
		rig_mbedtls_prepare(&rigs[RIG_SERVER].rng);
		for (unsigned i = 0; i < RIG_SIDES; i++) {
			struct rig_mbedtls *rig = &rigs[i];
			rig->side = (enum rig_side)i;
			rig->conf = *rig_mbedtls_configuration(rig->side, 0);
			CHECK(mbedtls_ssl_setup(&rig->ssl, &rig->conf) == 0);
			mbedtls_ssl_set_bio(&rig->ssl, rig, send, receive, NULL);
			rest(&rig->ssl);
		}
		harness_prepared();
	}
	return &rigs[side];
}

struct rig_mbedtls *rig_mbedtls_begin(enum rig_side side, struct cursor *head)
{
	struct rig_mbedtls *rig = rig_of(side);
	rng_init(&rig->rng, 1, side);
	rig_mbedtls_forget();
	rig->input = span_of(NULL, 0);
	rig->heard = rig->sent_len = 0;
	rig->is_done = rig->has_answered = rig->has_left = rig->has_ended = false;
	rig->last = 0;
	rig_mbedtls_choose(rig, head);
	CHECK(mbedtls_ssl_session_reset(&rig->ssl) == 0);
	CHECK(mbedtls_ssl_set_hostname(&rig->ssl, rig->host) == 0);
	if (side == RIG_CLIENT && rig->resumes) {
		bool by_ticket = rig->conf.session_tickets;
		CHECK(!mbedtls_ssl_set_session(&rig->ssl, rig_mbedtls_session(by_ticket)));
	}
	return rig;
}

void rig_mbedtls_end(struct rig_mbedtls *rig)
{
	harness_note(span_of(rig->sent, rig->sent_len));
	harness_note_number((uint64_t)(int64_t)rig->last);
	harness_note_number(rig->heard);
	harness_note_number((uint64_t)rig->ssl.state << 8 | rig->is_done);
	rest(&rig->ssl);
}

static int say(struct rig_mbedtls *rig, struct span bytes)
{
	int said = mbedtls_ssl_write(&rig->ssl, bytes.at, bytes.len);
	return said < 0 ? said : 0;
}

/* Data that is there before the other side's hello is read before the handshake goes on. */
static int ask_anew(struct rig_mbedtls *rig)
{
	int status = mbedtls_ssl_renegotiate(&rig->ssl);
	return status == MBEDTLS_ERR_SSL_WAITING_SERVER_HELLO_RENEGO ? 0 : status;
}

/* The client has the first word, and may ask for everything anew. */
static int begin_data(struct rig_mbedtls *rig)
{
	rig->is_done = true;
	if (rig->side == RIG_SERVER)
		return 0;
	int status = say(rig, span_text("hello"));
	return status == 0 && rig->asks_anew ? ask_anew(rig) : status;
}

/* A server says what it heard. It asks for everything anew behind its first answer, not before it:
 * mbedTLS asks again when it reads data meanwhile, and mbedTLS's client gives up at the second one.
 */
static int answer(struct rig_mbedtls *rig, struct span bytes)
{
	bool is_first = !rig->has_answered;
	rig->has_answered = true;
	int status = say(rig, bytes);
	return status == 0 && is_first && rig->asks_anew ? ask_anew(rig) : status;
}

/* A client that has been answered takes its leave when it waits and no handshake is under way. */
static int wait(struct rig_mbedtls *rig)
{
	if (rig->side == RIG_CLIENT && rig->has_answered && !rig->has_left &&
	    rig->ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER) {
		rig->has_left = true;
		mbedtls_ssl_close_notify(&rig->ssl);
	}
	return MBEDTLS_ERR_SSL_WANT_READ;
}

/* A farewell is answered. Reading goes through renegotiations. */
static int exchange_data(struct rig_mbedtls *rig)
{
	uint8_t bytes[512];
	int heard = mbedtls_ssl_read(&rig->ssl, bytes, sizeof(bytes));
	if (heard == MBEDTLS_ERR_SSL_WANT_READ)
		return wait(rig);
	if (heard > 0 && rig->side == RIG_SERVER)
		return answer(rig, span_of(bytes, (size_t)heard));
	if (heard > 0) {
		rig->has_answered = true;
		return 0;
	}
	if (heard != 0 && heard != MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY)
		return heard;
	mbedtls_ssl_close_notify(&rig->ssl);
	return MBEDTLS_ERR_SSL_PEER_CLOSE_NOTIFY;
}

static int advance(struct rig_mbedtls *rig)
{
	if (rig->is_done)
		return exchange_data(rig);
	int status = mbedtls_ssl_handshake_step(&rig->ssl);
	if (status == 0 && rig->ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER)
		status = begin_data(rig);
	return status;
}

void rig_mbedtls_hear(struct rig_mbedtls *rig, struct span bytes)
{
	CHECK(rig->heard == rig->input.len || rig->has_ended);
	rig->input = bytes;
	rig->heard = 0;
	while (!rig->has_ended) {
		harness_step();
		rig->last = advance(rig);
		if (rig->last == MBEDTLS_ERR_SSL_WANT_READ)
			return;
		rig->has_ended = rig->last != 0;
	}
}
