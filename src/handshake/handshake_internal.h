/* handshake_internal.h - the state that the files of the handshake share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDSHAKE_HANDSHAKE_INTERNAL_H
#define HANDSHAKE_HANDSHAKE_INTERNAL_H

#include "base/builder.h"
#include "base/limits.h"
#include "crypto/key_schedule.h"
#include "crypto/prf.h"
#include "crypto/protection.h"
#include "handshake/handshake.h"
#include "handshake/handshake_directed.h"
#include "registry/registry.h"
#include "wire/certificate_request.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"
#include "wire/server_key_exchange.h"

#define TRANSCRIPT_MAX (512 * 1024)
#define OUTPUT_MAX     65536

/* A growing run of bytes in the arena, with a ceiling. */
struct bytes {
	uint8_t *at;
	size_t len, cap, max;
};

bool bytes_append(struct arena *arena, struct bytes *bytes, struct span more);
void bytes_drop(struct bytes *bytes, size_t n);

/* What is awaited; in the order of RFC 5246 7.3 and RFC 8446 2. */
enum awaited {
	AWAIT_SERVER_HELLO,
	/* up to TLS 1.2 */
	AWAIT_CERTIFICATE,
	AWAIT_STATUS_OR_EXCHANGE,
	AWAIT_SERVER_KEY_EXCHANGE,
	AWAIT_REQUEST_OR_DONE,
	AWAIT_DONE,
	AWAIT_TICKET_OR_CCS,
	AWAIT_FINISHED,
	/* TLS 1.3 */
	AWAIT_ENCRYPTED_EXTENSIONS,
	AWAIT_REQUEST_OR_CERTIFICATE,
	AWAIT_CERTIFICATE_13,
	AWAIT_CERTIFICATE_VERIFY,
	AWAIT_FINISHED_13,
	AWAIT_NOTHING, /* finished */
};

struct handshake {
	struct arena *arena;
	struct handshake_options options;
	struct handshake_facts facts;
	enum awaited awaited;
	struct rng rng;

	struct client_hello hello; /* the one in force: the second after a retry */
	struct server_hello server_hello, retry_request;
	bool retried, got_server_hello;
	const struct cipher_suite *suite;
	struct suite_params params;
	uint8_t client_random[32];

	struct bytes input, message, transcript, output, application;
	size_t application_read;
	struct protection *reading, *writing;
	struct protection *next_reading, *next_writing; /* until ChangeCipherSpec */
	bool ccs_seen, ccs_sent;
	unsigned warnings, empties, tickets, key_updates;

	/* Up to TLS 1.2. */
	struct server_key_exchange exchange;
	bool has_exchange, wants_client_certificate, expects_ticket, expects_status;
	struct certificate_request request;
	uint8_t master[MASTER_SECRET_LEN];
	size_t certificate_request_context_len;
	uint8_t certificate_request_context[255];

	/* TLS 1.3. */
	struct key_schedule schedule;
	uint8_t client_secret[HASH_MAX], server_secret[HASH_MAX];
	uint8_t finished_secret[HASH_MAX]; /* of the handshake: our Finished is made with it */

	/* Our ClientKeyExchange, once made, and the premaster secret that goes with it. */
	struct span made_exchange;
	uint8_t premaster[SHARED_SECRET_MAX];
	size_t premaster_len;

	/* Under the caller's direction. */
	struct bytes early;		/* of ours, noted before the server's flight was complete */
	struct bytes after;		/* the server's messages after the end */
	struct protection *old_reading; /* TLS 1.3: of the handshake, for a late alert */
	bool flight_complete, continuing, noted[256], noted_our_certificate;
	bool deaf;	    /* the framing of records is lost */
	bool unreadable;    /* the server protects with keys that we have not got */
	bool lost_messages; /* the framing of handshake messages is lost */
};

/* Whether records are still looked at; a directed handshake does not close its ears. */
static inline bool is_reading(const struct handshake *h)
{
	return h->options.directed
		       ? !h->deaf
		       : h->facts.phase == PHASE_NEGOTIATING || h->facts.phase == PHASE_FINISHED;
}

/* violation.c: ends the handshake, names why, and sends the alert that goes with it. */
void violate(struct handshake *h, enum violation violation, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void unable(struct handshake *h, enum violation violation, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* records.c: records out, records in. */
void send_record(struct handshake *h, uint8_t type, struct span fragment);
void send_handshake(struct handshake *h, struct span whole); /* not into the transcript */
void send_message(struct handshake *h, struct span whole);
void send_alert(struct handshake *h, uint8_t level, uint8_t description);
void records_take(struct handshake *h);

/* hello_checks.c */
bool check_server_hello(struct handshake *h, const struct server_hello *hello);

/* extension_checks.c */
enum extension_place {
	PLACE_SERVER_HELLO,
	PLACE_RETRY_REQUEST,
	PLACE_ENCRYPTED_EXTENSIONS,
	PLACE_CERTIFICATE,
	PLACE_CERTIFICATE_REQUEST,
	PLACE_SESSION_TICKET,
};
bool check_extensions(struct handshake *h, struct span block, enum extension_place place);
enum violation server_hello_fault(struct span body);

/* tls12.c, tls12_keys.c, tls12_flight.c */
void tls12_server_hello(struct handshake *h);
void tls12_message(struct handshake *h, const struct handshake_message *message);
void tls12_change_cipher_spec(struct handshake *h);
bool tls12_client_flight(struct handshake *h);
bool tls12_needs_exchange(const struct cipher_suite *suite);
bool tls12_master(struct handshake *h, struct span premaster);
bool tls12_keys(struct handshake *h);
bool tls12_verify_data(struct handshake *h, const char *label, uint8_t out[VERIFY_DATA_LEN]);
void tls12_send_finished(struct handshake *h);

/* Whole messages of ours in the arena, each absent when it cannot be made; and what follows once
 * our ClientKeyExchange stands in the transcript. */
struct span tls12_make_certificate(struct handshake *h);
struct span tls12_make_exchange(struct handshake *h);
struct span tls12_make_verify(struct handshake *h);
struct span tls12_make_finished(struct handshake *h);
bool tls12_exchange_keys(struct handshake *h);

/* tls13.c, tls13_keys.c, tls13_flight.c */
void tls13_server_hello(struct handshake *h);
void tls13_retry_request(struct handshake *h, struct span whole);
bool share_offered(const struct handshake *h, uint16_t group);
void tls13_message(struct handshake *h, const struct handshake_message *message);
bool tls13_handshake_keys(struct handshake *h, struct span shared);
bool tls13_application_keys(struct handshake *h);
bool tls13_finished(struct handshake *h, const uint8_t *secret, uint8_t *out);
bool tls13_next_keys(struct handshake *h, bool reading);
bool tls13_transcript(struct handshake *h, uint8_t out[64], size_t *len);
void tls13_resumption_master(struct handshake *h);
struct span tls13_signed_content(struct handshake *h, bool server);
void tls13_client_flight(struct handshake *h);
struct span tls13_make_certificate(struct handshake *h);
struct span tls13_make_verify(struct handshake *h);
struct span tls13_make_finished(struct handshake *h);

/* directed.c: the server's flight is complete; whether a message is only noted, not followed. */
void directed_our_turn(struct handshake *h);
bool directed_only_notes(struct handshake *h, const struct handshake_message *message);

/* common.c */
void transcript_add(struct handshake *h, struct span whole);
void log_secret(struct handshake *h, const char *label, const uint8_t *secret, size_t len);
bool take_certificates(struct handshake *h, struct span body);
struct span encode_certificates(struct handshake *h, struct span context);
struct span whole_message(struct handshake *h, uint8_t type, struct span body);
const char *message_name(uint8_t type);
bool has_client_certificate(const struct handshake *h);
uint16_t pick_scheme(const struct handshake *h, struct span schemes);

#endif
