/* exchange_internal.h - between the parts of an exchange: the conversation and the TLS flight. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_EXCHANGE_INTERNAL_H
#define PROBE_EXCHANGE_INTERNAL_H

#include "probe/exchange.h"

/* exchange_conclude ends the exchange with an outcome. */
void exchange_conclude(struct exchange *exchange, enum outcome outcome, enum layer layer);

/* exchange_garbage ends it with GARBAGE; `what` is one sentence that outlives the run. */
void exchange_garbage(struct exchange *exchange, enum layer layer, const char *what);

/* exchange_encode writes the ClientHello, or the one that follows a HelloRetryRequest. */
MUST_USE enum fault exchange_encode(struct exchange *exchange, const struct retry *retry);

/* flight_read takes every whole message that the stream holds, until the exchange is done. */
void flight_read(struct exchange *exchange);

/* flight_is_partial says that the stream ends in the middle of a record or message. */
bool flight_is_partial(const struct exchange *exchange);

#endif
