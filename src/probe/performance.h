/* performance.h - one case's conversation: its steps out, the peer's bytes in, time as a parameter.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_PERFORMANCE_H
#define PROBE_PERFORMANCE_H

#include "probe/exchange.h"

/*
 * The part of an exchange that plays a case (probe->kind is PROBE_CASE) once TLS may begin; for a
 * case `over` a scheme, from the first byte. It uses a handshake under the caller's direction
 * (handshake.h) for what is protected. exchange.c delegates to it, and the engine sees only the
 * exchange.
 */
struct performance;

/* performance_start encodes the first step. NULL with the arena's fault. */
struct performance *performance_start(struct exchange *exchange);

/* performance_is_over says that the case speaks the cleartext dialogue itself. */
bool performance_is_over(const struct performance *performance);

/* performance_has_sent says that a byte of the case went out; performance_is_sealing that what goes
 * out now is protected. */
bool performance_has_sent(const struct performance *performance);
bool performance_is_sealing(const struct performance *performance);

/* performance_output lends one segment: what may be sent at once, in one write. */
struct span performance_output(const struct performance *performance);
void performance_sent(struct performance *performance, size_t n);

/* performance_input takes bytes; it may conclude the exchange. */
void performance_input(struct performance *performance, struct span bytes);

/*
 * performance_clock tells the time (milliseconds, from any beginning) before anything else is
 * called, and moves on what waited for it; it may conclude the exchange. performance_due says when
 * it wants to be told again: UINT64_MAX for never.
 */
void performance_clock(struct performance *performance, uint64_t now_ms);
uint64_t performance_due(const struct performance *performance);

/* performance_shut says that our side is to be ended now (`shut`), once. */
bool performance_shut(struct performance *performance);

/* performance_end tells how the connection ended. */
void performance_end(struct performance *performance, enum exchange_end end);

/* performance_release frees what the arenas do not hold. */
void performance_release(struct performance *performance);

#endif
