/* stage.h - a case performed before a scripted peer: text in, segments out, the clock a number. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_PROBE_STAGE_H
#define TESTS_PROBE_STAGE_H

#include "case/catalogue.h"
#include "probe/case_answer.h"
#include "probe/exchange.h"

#define STAGE_SEGMENTS_MAX 64
#define STAGE_QUIET_MS	   300

struct stage {
	struct arena arena, keep, library;
	struct diags diags;
	struct catalogue catalogue;
	struct conduct conduct;
	struct probe probe;
	struct exchange exchange;
	uint64_t now_ms;
	uint8_t sent[65536];
	size_t sent_len, segments[STAGE_SEGMENTS_MAX], segments_len;
};

/* stage_open reads one stanza (`case x.y` and its usual words are put in front of `steps`) and
 * starts it at `version` over the upgrade "tls"; steps NULL is the control. */
void stage_open(struct stage *stage, enum version version, const char *steps);

/* stage_open_over does so over another upgrade. */
void stage_open_over(struct stage *stage, enum version version, const char *upgrade,
		     const char *steps);
void stage_close(struct stage *stage);

/* stage_send takes every segment that may go out now. */
void stage_send(struct stage *stage);

/* stage_hear gives the peer's bytes, in pieces of `chunk` (0: all at once), and sends. */
void stage_hear(struct stage *stage, struct span bytes, size_t chunk);

/* stage_wait lets time pass, and sends. */
void stage_wait(struct stage *stage, uint64_t ms);

/* stage_end tells how the connection ended. */
void stage_end(struct stage *stage, enum exchange_end end);

/* The peer's words. */
struct words {
	uint8_t messages[2048], records[4096];
	struct builder m, r;
};

void words_init(struct words *words);

/* say_hello adds a ServerHello of the version (as the legacy one) and suite to the messages. */
void say_hello(struct words *words, uint16_t version, uint16_t suite);
void say_done(struct words *words);

/* say_record ends the messages, and then adds a record. */
void say_record(struct words *words, uint8_t type, struct span fragment);
void say_alert(struct words *words, uint8_t level, uint8_t description);

/* words_said views all records. */
struct span words_said(struct words *words);

#endif
