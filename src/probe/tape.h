/* tape.h - one exchange as the calls that were made of it, as text: kept, and played again. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_TAPE_H
#define PROBE_TAPE_H

#include "base/fingerprint.h"
#include "base/text.h"
#include "probe/exchange.h"

/* What a peer may send, in digits, and as much again for the calls themselves. */
#define TAPE_LEN_MAX ((size_t)4 * PEER_BYTES_MAX)

/*
 * An exchange is a function of the calls that its user makes, so these are all that has to be kept.
 * Words with a blank before each: "s517" that many bytes were sent, "i1603.." these were received,
 * "c12" the clock moved on by so many milliseconds (of timed exchanges only), "q" silence led to a
 * half-close, "x" our side was ended, "f0" the connection ended like exchange_end 0, "f3:.." and
 * why. `sent` is the fingerprint of the bytes that were sent. Once `full`, the tape is worth
 * nothing.
 */
struct tape {
	struct text text;
	uint64_t clock_ms, sent;
	bool full;
};

/* tape_clear begins anew; a tape of zeros may be cleared. tape_release frees it. */
void tape_clear(struct tape *tape);
void tape_release(struct tape *tape);

/* What exchange.c notes of each call; `tape` may be NULL. */
void tape_sent(struct tape *tape, struct span bytes);
void tape_input(struct tape *tape, struct span bytes);
void tape_clock(struct tape *tape, uint64_t now_ms);
void tape_quiet(struct tape *tape);
void tape_shut(struct tape *tape);
void tape_finish(struct tape *tape, enum exchange_end end, const char *why);

/*
 * tape_play makes the calls of `text` of an exchange that was just started, and leaves in `sent`
 * the fingerprint of the bytes that it sent. The observation then stands. Fault: MALFORMED, when
 * the text is damaged or of another exchange.
 */
MUST_USE enum fault tape_play(struct exchange *exchange, struct span text, uint64_t *sent);

/* probe_fingerprint covers everything that a probe asks, its number included; and
 * observation_fingerprint what was seen, without times and attempts. */
uint64_t probe_fingerprint(const struct probe *probe);
uint64_t observation_fingerprint(const struct observation *seen);

#endif
