/* answering_stub.h - what bench/answering_stub.c answers to a hello: a function of its bytes. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BENCH_ANSWERING_STUB_H
#define BENCH_ANSWERING_STUB_H

#include "base/fingerprint.h"

enum stub_end { STUB_ALERT, STUB_CLOSE, STUB_RESET };

struct stub_answer {
	enum stub_end end;
	uint8_t alert; /* of STUB_ALERT */
};

/* One in 16 is closed without a word, one in 16 reset; the others are told one of 16 alerts. */
static inline struct stub_answer stub_answer(uint64_t fingerprint)
{
	static const uint8_t alerts[16] = { 10, 20, 22,	 30,  40,  41,	42,  47,
					    50, 51, 112, 109, 115, 116, 120, 121 };
	uint64_t which = fingerprint >> 32;
	switch (which % 16) {
	case 0:
		return (struct stub_answer){ .end = STUB_CLOSE };
	case 1:
		return (struct stub_answer){ .end = STUB_RESET };
	default:
		return (struct stub_answer){ STUB_ALERT, alerts[which / 16 % 16] };
	}
}

#endif
