/* utf8.h - strangers' bytes made into valid UTF-8. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include "base/text.h"

/* utf8_sequence returns the length of the valid sequence (RFC 3629) at the start of `bytes`, which
 * are not empty; 0 where there is none. */
size_t utf8_sequence(struct span bytes);

/* utf8_append adds `bytes`; each byte that is no part of a valid sequence (RFC 3629) becomes
 * U+FFFD. */
void utf8_append(struct text *out, struct span bytes);

/* utf8_control returns the length of the control character that begins this valid UTF-8: C0, DEL or
 * C1, what a terminal may act on. 0 where another one does, or nothing is there. */
size_t utf8_control(const char *text);

#endif
