/* exchange_internal.h - between the parts of an exchange: the conversation and the TLS flight. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_EXCHANGE_INTERNAL_H
#define PROBE_EXCHANGE_INTERNAL_H

#include "probe/exchange.h"

/* exchange_conclude ends the exchange with an outcome. */
void exchange_conclude(struct exchange *exchange, enum outcome outcome, enum layer layer);

/* exchange_keep_certificates copies a chain into the run's arena, where the observation views it.
 */
void exchange_keep_certificates(struct exchange *exchange, const struct certificate_list *list);

/* exchange_garbage ends it with GARBAGE; `what` is one sentence that outlives the run. */
void exchange_garbage(struct exchange *exchange, enum layer layer, const char *what);

/* exchange_encode writes the ClientHello, or the one that follows a HelloRetryRequest. */
MUST_USE enum fault exchange_encode(struct exchange *exchange, const struct retry *retry);

/* exchange_note_server_hello fills in what the observation says of a ServerHello. */
void exchange_note_server_hello(struct exchange *exchange, const struct server_hello *hello);

/* exchange_note_key_exchange fills in what it says of a ServerKeyExchange; false when that is
 * malformed. One of a suite that we do not know says nothing. */
bool exchange_note_key_exchange(struct exchange *exchange, struct span body);

/* flight_read takes every whole message that the stream holds, until the exchange is done. */
void flight_read(struct exchange *exchange);

/* deep_begin goes on from a ServerHello to the end of the handshake; false when it cannot. */
bool deep_begin(struct exchange *exchange);

/* deep_wanted says whether the probe asks for more than this ServerHello. */
bool deep_wanted(const struct exchange *exchange);

/* deep_input takes bytes of the server's; deep_finish says how the connection ended. */
void deep_input(struct exchange *exchange, struct span bytes);
void deep_finish(struct exchange *exchange, enum exchange_end end);

/* exchange_raw.c: a PROBE_RAW's bytes out, the pause behind the first segment, the end of our side.
 * raw_check holds the ServerHello against the hello. */
bool raw_is_sslv2(const struct raw_bytes *raw);
struct span raw_output(const struct exchange *exchange);
void raw_sent(struct exchange *exchange, size_t n);
uint64_t raw_due(const struct exchange *exchange);
bool raw_shut(struct exchange *exchange);
void raw_check(struct exchange *exchange, const struct server_hello *answer);

/* raw_check_undecoded says what is wrong with one that cannot be decoded. */
void raw_check_undecoded(struct exchange *exchange, struct span body);

/* raw_check_record holds the version of its record against the one agreed on; raw_look_behind sees
 * whether a fatal alert that came is followed by another (RFC 5246 7.2.2). */
void raw_check_record(struct exchange *exchange, const struct server_hello *answer,
		      uint16_t record_version);
void raw_look_behind(struct exchange *exchange);

/* flight_is_partial says that the stream ends in the middle of a record or message. */
bool flight_is_partial(const struct exchange *exchange);

#endif
