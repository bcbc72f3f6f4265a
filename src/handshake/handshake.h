/* handshake.h - the client's side of a TLS handshake to its end: bytes in, bytes and events out, no
 * I/O, no clock. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDSHAKE_HANDSHAKE_H
#define HANDSHAKE_HANDSHAKE_H

#include "base/arena.h"
#include "base/rng.h"
#include "crypto/key_exchange.h"
#include "wire/alert.h"
#include "wire/certificate.h"
#include "wire/server_hello.h"

/* A session to be resumed: by ticket (RFC 5077, RFC 8446 4.6.1) or by id (RFC 5246 F.1.4). */
struct resumption {
	enum version version;
	uint16_t suite;
	struct span session_id, ticket, secret; /* master secret, or the PSK of TLS 1.3 */
	bool extended_master_secret;
	uint32_t ticket_age_add;
};

/* What goes on in one handshake. Views outlive it. */
struct handshake_options {
	struct span client_hello; /* the handshake message as sent, header included */
	struct span second_hello; /* after a HelloRetryRequest is answered; see handshake_retry */
	uint64_t seed;
	uint32_t stream;		      /* of the seed: the probe's id */
	struct span psk, psk_identity;	      /* for the PSK suites; empty: none */
	const struct signing_key *client_key; /* NULL: an empty Certificate answers a request */
	const struct certificate_list *client_chain;
	const struct resumption *resume; /* what the hello offered, or NULL */
	bool offered_resumption_psk;	 /* TLS 1.3: the hello carried its pre_shared_key */
	bool directed; /* the caller decides what is sent: see handshake_directed.h */
};

enum handshake_phase {
	PHASE_NEGOTIATING,
	PHASE_RETRY,	/* a HelloRetryRequest came: the caller sends a second hello, see
			       handshake_retry */
	PHASE_OUR_TURN, /* directed: the server's flight is complete */
	PHASE_FINISHED, /* both Finished verified; application data may flow */
	PHASE_ALERTED,	/* the server ended it with a fatal alert or close_notify */
	PHASE_VIOLATED, /* the server broke a rule; see `violation` */
	PHASE_UNABLE,	/* we lack cryptography to go on; see `violation` for which */
};

/*
 * The sequence oracle's names, X-macro: what a server did wrong, in the words of the RFCs. Each has
 * the alert that is sent back.
 */
#define VIOLATION_LIST(X)                                                                          \
	X(NONE, 0, "nothing is wrong")                                                             \
	X(MALFORMED_RECORD, ALERT_DECODE_ERROR,                                                    \
	  "a record is malformed (RFC 5246 6.2.1; RFC 8446 5.1)")                                  \
	X(MALFORMED_MESSAGE, ALERT_DECODE_ERROR,                                                   \
	  "a handshake message cannot be decoded (RFC 5246 7.4; RFC 8446 4)")                      \
	X(UNEXPECTED_MESSAGE, ALERT_UNEXPECTED_MESSAGE,                                            \
	  "a message out of order, repeated or unexpected (RFC 5246 7.3; RFC 8446 4)")             \
	X(MISSING_MESSAGE, ALERT_UNEXPECTED_MESSAGE,                                               \
	  "a required message is missing (RFC 5246 7.3; RFC 8446 4)")                              \
	X(VERSION_NOT_OFFERED, ALERT_PROTOCOL_VERSION,                                             \
	  "the version was not offered (RFC 5246 7.4.1.3; RFC 8446 4.2.1)")                        \
	X(SUITE_NOT_OFFERED, ALERT_ILLEGAL_PARAMETER,                                              \
	  "the suite was not offered (RFC 5246 7.4.1.3; RFC 8446 4.1.3)")                          \
	X(SUITE_NOT_IN_VERSION, ALERT_ILLEGAL_PARAMETER,                                           \
	  "the suite does not exist in the version (RFC 5246 A.5; RFC 8446 B.4)")                  \
	X(COMPRESSION_NOT_OFFERED, ALERT_ILLEGAL_PARAMETER,                                        \
	  "the compression method was not offered (RFC 5246 7.4.1.3)")                             \
	X(SESSION_ID_NOT_ECHOED, ALERT_ILLEGAL_PARAMETER,                                          \
	  "the session id is not the one sent (RFC 8446 4.1.3)")                                   \
	X(EXTENSION_NOT_OFFERED, 110,                                                              \
	  "an extension was not offered (RFC 5246 7.4.1.4; RFC 8446 4.2)")                         \
	X(EXTENSION_NOT_ALLOWED, ALERT_ILLEGAL_PARAMETER,                                          \
	  "an extension does not belong in the message (RFC 8446 4.2)")                            \
	X(EXTENSION_DUPLICATE, ALERT_ILLEGAL_PARAMETER,                                            \
	  "an extension came twice (RFC 5246 7.4.1.4; RFC 8446 4.2)")                              \
	X(EXTENSION_MISSING, ALERT_MISSING_EXTENSION,                                              \
	  "a required extension is missing (RFC 8446 9.2)")                                        \
	X(EXTENSION_VALUE, ALERT_ILLEGAL_PARAMETER,                                                \
	  "an extension holds a value that was not offered (RFC 5246 7.4.1.4; RFC 8446 4.2)")      \
	X(POINT_FORMATS, ALERT_ILLEGAL_PARAMETER,                                                  \
	  "ec_point_formats lacks uncompressed (RFC 8422 5.2)")                                    \
	X(DOWNGRADE, ALERT_ILLEGAL_PARAMETER,                                                      \
	  "the downgrade sentinel stands in the random (RFC 8446 4.1.3)")                          \
	X(GROUP_NOT_OFFERED, ALERT_ILLEGAL_PARAMETER,                                              \
	  "the group was not offered (RFC 8422 5.4; RFC 8446 4.2.8)")                              \
	X(SECOND_RETRY, ALERT_UNEXPECTED_MESSAGE, "a second HelloRetryRequest (RFC 8446 4.1.4)")   \
	X(BAD_SHARE, ALERT_ILLEGAL_PARAMETER,                                                      \
	  "the key share is no element of the group (RFC 8422 5.4; RFC 8446 4.2.8)")               \
	X(BAD_CERTIFICATE, ALERT_DECODE_ERROR,                                                     \
	  "the certificate cannot be parsed or does not fit the suite (RFC 5246 7.4.2; RFC 8446 "  \
	  "4.4.2)")                                                                                \
	X(SCHEME_NOT_OFFERED, ALERT_ILLEGAL_PARAMETER,                                             \
	  "the signature scheme was not offered (RFC 5246 7.4.3; RFC 8446 4.4.3)")                 \
	X(BAD_SIGNATURE, 51, "the signature does not verify (RFC 5246 7.4.3; RFC 8446 4.4.3)")     \
	X(BAD_FINISHED, 51, "the Finished does not verify (RFC 5246 7.4.9; RFC 8446 4.4.4)")       \
	X(BAD_RECORD_MAC, ALERT_BAD_RECORD_MAC,                                                    \
	  "a record does not decrypt (RFC 5246 6.2.3; RFC 8446 5.2)")                              \
	X(RENEGOTIATION_INFO, ALERT_HANDSHAKE_FAILURE,                                             \
	  "renegotiation_info is not empty (RFC 5746 3.4)")                                        \
	X(TOO_MUCH, ALERT_UNEXPECTED_MESSAGE,                                                      \
	  "more warning alerts, empty records or bytes than is sane")                              \
	X(UNSUPPORTED_SUITE, ALERT_HANDSHAKE_FAILURE, "we have no cryptography for the suite")     \
	X(UNSUPPORTED_GROUP, ALERT_HANDSHAKE_FAILURE, "we have no cryptography for the group")

enum violation {
#define X(name, alert, text) VIOLATION_##name,
	VIOLATION_LIST(X)
#undef X
};

/* violation_name returns the enumerator, "BAD_FINISHED"; violation_text its sentence. */
const char *violation_name(enum violation violation);
const char *violation_text(enum violation violation);

/* One secret for SSLKEYLOGFILE: label, the client random, the secret. */
struct key_log_line {
	const char *label;
	uint8_t random[32], secret[48];
	uint8_t secret_len;
};

#define KEY_LOG_LINES_MAX 8
#define MESSAGES_SEEN_MAX 32
#define ALERTS_SEEN_MAX	  16

/* What became known; read it at any time. */
struct handshake_facts {
	enum handshake_phase phase;
	enum violation violation;
	char detail[128];	    /* which message, extension or value: "server_hello_done before
				       certificate" */
	uint8_t alert_level, alert; /* of ALERTED */
	enum version version;
	uint16_t suite, group, signature_scheme;
	uint32_t dh_bits;
	struct span server_random, session_id;
	struct certificate_list certificates;
	bool has_finished; /* FINISHED was reached, whatever came after */
	bool has_certificates, certificate_requested, resumed;
	bool extended_master_secret, encrypt_then_mac, secure_renegotiation, ticket_offered;
	struct span alpn;
	struct span ticket; /* NewSessionTicket's, for resumption */
	uint32_t ticket_age_add;
	struct span resumption_secret, master_secret;
	uint8_t seen[MESSAGES_SEEN_MAX]; /* handshake types in the order of arrival */
	size_t seen_len;
	struct alert alerts[ALERTS_SEEN_MAX]; /* warnings included, in the order of arrival */
	size_t alerts_len;
	size_t heartbeats;		  /* records of that type, in a directed handshake */
	struct span encrypted_extensions; /* the block, once it came */
	struct span server_finished, client_finished; /* verify_data: tls-unique */
	struct key_log_line key_log[KEY_LOG_LINES_MAX];
	size_t key_log_len;
};

struct handshake;

/* handshake_new begins after the hello was sent. Everything lives in `arena`, but for mbedTLS
 * contexts: free it. */
struct handshake *handshake_new(struct arena *arena, const struct handshake_options *options);
void handshake_free(struct handshake *handshake);

const struct handshake_facts *handshake_facts(const struct handshake *handshake);

/* handshake_input takes bytes in any chunking; what the server sends is bounded as in
 * wire/stream.h. */
void handshake_input(struct handshake *handshake, struct span bytes);

/* handshake_output lends what must be sent now, alerts included; handshake_sent acknowledges `n`
 * bytes. */
struct span handshake_output(const struct handshake *handshake);
void handshake_sent(struct handshake *handshake, size_t n);

/* handshake_retry_request returns what a HelloRetryRequest asked for; handshake_retry gives the
 * second hello (the message; the caller sends its record). */
const struct server_hello *handshake_retry_request(const struct handshake *handshake);
void handshake_retry(struct handshake *handshake, struct span second_hello);

/* handshake_write protects application data into the output; only when FINISHED. Faults: CRYPTO,
 * TOO_LARGE. */
MUST_USE enum fault handshake_write(struct handshake *handshake, struct span bytes);

/* handshake_read returns application data that came and has not been returned yet; empty when there
 * is none. */
struct span handshake_read(struct handshake *handshake);

/* handshake_shutdown puts a close_notify, protected if need be, into the output. */
void handshake_shutdown(struct handshake *handshake);

#endif
