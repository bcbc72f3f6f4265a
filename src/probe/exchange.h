/* exchange.h - one probe's conversation from the first byte to its observation: bytes in, bytes
 * out, no I/O. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_EXCHANGE_H
#define PROBE_EXCHANGE_H

#include "probe/observation.h"
#include "upgrade/pg_session.h"
#include "wire/stream.h"

enum exchange_end {
	EXCHANGE_FIN,	      /* the peer closed in order */
	EXCHANGE_RST,	      /* the peer reset the connection */
	EXCHANGE_TIMEOUT,     /* the probe's deadline passed */
	EXCHANGE_UNREACHABLE, /* no connection came about */
};

/* One run of bytes in one direction, in the order of the conversation. */
struct exchange_turn {
	bool sent;
	size_t len;
};

#define EXCHANGE_TURNS_MAX 64

enum exchange_phase { EXCHANGE_UPGRADING, EXCHANGE_TLS, EXCHANGE_PLAIN, EXCHANGE_DONE };

/*
 * Lends and acknowledges: take exchange_output, send some, say how much with exchange_sent; read at
 * most exchange_want bytes and give them to exchange_input. Once `phase` is DONE the observation
 * stands (without times and attempts, which are the engine's). SSLRequest and ClientHello never
 * share a write: output of the next phase appears only after the answer to the last. Each view of a
 * PROBE_CASE's or a PROBE_RAW's output is a TCP segment: ask again once it is sent.
 */
struct exchange {
	const struct probe *probe;
	struct arena *arena; /* the probe's; what the observation keeps is copied into `keep` */
	struct arena *keep;
	enum exchange_phase phase;
	struct upgrade_dialogue *upgrade; /* NULL when TLS starts with the first byte */
	struct stream stream;
	uint8_t out[PROBE_HELLO_MAX]; /* the ClientHello, encoded at the start */
	size_t out_len, out_at;
	bool half_close; /* an SSLv2 hello met silence: the engine shuts its side down (see
			    exchange_quiet) */
	bool server_hello_seen, warned;
	uint8_t warning; /* the last warning alert that was passed over */
	struct observation observation;
	struct span sent; /* everything sent, for evidence */
	size_t sent_cap;
	uint8_t farewell[7];
	size_t farewell_len;
	/* Beyond the ServerHello, where the probe's depth asks for it; see exchange_deep.c. */
	struct span hellos[2]; /* the messages, for the transcript: the second follows a retry */
	size_t hellos_len;
	struct handshake *handshake;
	struct pg_session *session;
	struct exchange_turn turns[EXCHANGE_TURNS_MAX]; /* what is more goes into the last */
	size_t turns_len;
	bool finished; /* both Finished verified */
	bool parting;  /* TLS 1.3: close_notify was sent, the first answer is awaited */
	/* Of a PROBE_CASE; see performance.h. */
	struct performance *performance;
	uint64_t now_ms, cut_due_ms;
	struct tape *tape; /* notes every call (tape.h); NULL, or set once it is started */
};

/* exchange_start prepares the first bytes. Fault: NO_MEMORY or TOO_LARGE of an arena. */
MUST_USE enum fault exchange_start(struct exchange *exchange, const struct probe *probe,
				   struct arena *arena, struct arena *keep);

struct span exchange_output(const struct exchange *exchange);
void exchange_sent(struct exchange *exchange, size_t n);
size_t exchange_want(const struct exchange *exchange);

/*
 * exchange_input takes bytes as they came. What comes between the answer to the upgrade and the
 * first byte of the ClientHello is `extra_bytes`: read until nothing is left before sending.
 */
void exchange_input(struct exchange *exchange, struct span bytes);

/*
 * exchange_quiet tells that nothing came for a while after the hello. An SSLv2 probe then asks for
 * a half-close: a server that has read the whole hello and closes at the end of input without a
 * SERVER-HELLO has rejected it, and silence need not be guessed about. Returns whether to
 * half-close.
 */
bool exchange_quiet(struct exchange *exchange);

/*
 * exchange_clock tells the time (milliseconds, from any beginning); it may conclude the exchange.
 * exchange_due says when it wants to be told again: UINT64_MAX for never. Both matter only
 * where exchange_is_timed: to a PROBE_CASE, which pauses and knows silence by itself, and to a
 * PROBE_RAW that is cut.
 */
void exchange_clock(struct exchange *exchange, uint64_t now_ms);
uint64_t exchange_due(const struct exchange *exchange);
bool exchange_is_timed(const struct exchange *exchange);

/* exchange_shut says, once, that our side is to be ended now; reading goes on. */
bool exchange_shut(struct exchange *exchange);

/*
 * exchange_finish tells how the connection ended; `why` is a sentence for UNREACHABLE, else NULL.
 * An end before the ClientHello was sent says nothing about the hello, and is marked `overload`; a
 * FIN in the middle of a record is GARBAGE; a FIN or RST after a warning alert is that ALERT.
 */
void exchange_finish(struct exchange *exchange, enum exchange_end end, const char *why);

/* exchange_release frees what the arenas do not hold; the exchange may be started again. */
void exchange_release(struct exchange *exchange);

/* exchange_received copies everything received into the probe's arena, for evidence. */
struct span exchange_received(const struct exchange *exchange);

/* exchange_farewell views a last alert to send after an acceptance (user_canceled), or nothing. */
struct span exchange_farewell(const struct exchange *exchange);

#endif
