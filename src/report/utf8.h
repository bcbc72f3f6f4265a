/* utf8.h - strangers' bytes made into valid UTF-8. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_UTF8_H
#define REPORT_UTF8_H

#include "base/text.h"

/* utf8_append adds `bytes`; each byte that is no part of a valid sequence (RFC 3629) becomes
 * U+FFFD. */
void utf8_append(struct text *out, struct span bytes);

#endif
