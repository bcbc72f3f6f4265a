/* oracle_json.h - small strict readers for what our writers write; they share no code with them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_ORACLE_JSON_H
#define HARNESS_ORACLE_JSON_H

#include "base/span.h"

/* oracle_json says whether the text is one JSON value (RFC 8259), in UTF-8, with blanks around. */
bool oracle_json(struct span text);

/* oracle_utf8 says whether the bytes are UTF-8 (RFC 3629). */
bool oracle_utf8(struct span text);

/* oracle_printable says whether a terminal would only show it: UTF-8, no control character but
 * line ends, none of C1's. */
bool oracle_printable(struct span text);

#endif
