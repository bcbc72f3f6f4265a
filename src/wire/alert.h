/* alert.h - the Alert message (RFC 8446 6, RFC 5246 7.2). */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_ALERT_H
#define WIRE_ALERT_H

#include "base/builder.h"
#include "base/cursor.h"
#include "base/fault.h"

struct alert {
	uint8_t level, description;
};

/* alert_decode reads a record's fragment; neither byte's value is judged. Fault: MALFORMED. */
MUST_USE enum fault alert_decode(struct alert *out, struct cursor body);

/* alert_encode writes the two bytes without a record header. */
void alert_encode(struct builder *b, struct alert alert);

#endif
