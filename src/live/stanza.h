/* stanza.h - bytes that were sent, as a case that sends them again. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_STANZA_H
#define LIVE_STANZA_H

#include "base/text.h"

/*
 * What a case says beside what it sends (docs/case-language.md). `why` is a sentence, of which
 * anything but printable ASCII is shown as '?'; the others are as they stand in a case: `cite` is
 * "\"RFC 8446 4.2\" MUST", `at` "TLS1.2" or NULL, `expectation` statements with the end of a line
 * between them, "expect alert decode_error\nallow  close".
 */
struct stanza {
	const char *name, *cite, *why, *at, *expectation;
};

/*
 * stanza_write appends the case, in the formatter's layout. It was read again, and sends exactly
 * the bytes: as messages and records with names where these say it all, else as they are, under a
 * comment that sums them up. Faults: INPUT where the words of the stanza are no case's, TOO_LARGE
 * for more bytes than a step may send, NO_MEMORY.
 */
MUST_USE enum fault stanza_write(struct text *out, const struct stanza *stanza, struct span bytes);

#endif
