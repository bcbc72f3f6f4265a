/* pg_frame.h - PostgreSQL messages out of bytes in any chunking, in memory of a fixed size. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_PG_FRAME_H
#define UPGRADE_PG_FRAME_H

#include "upgrade/pg_violation.h"
#include "upgrade/postgres_message.h"

#define PG_BODY_MAX 2048

/*
 * A message longer than PG_BODY_MAX is passed over to its true end and shown with the first bytes
 * of its body; `cut` says so. More than PEER_BYTES_MAX in all, or a message that announces that
 * many, is POSTGRES_MALFORMED with `violation`, and latches.
 */
struct pg_frame {
	uint8_t header[5];
	size_t header_len;
	uint8_t body[PG_BODY_MAX];
	size_t kept, left, total;
	bool text; /* in an error in the style of protocol 2, which ends with NUL */
	bool whole, cut;
	enum pg_violation violation;
};

/* pg_frame_init starts before the first byte of a message. */
void pg_frame_init(struct pg_frame *frame);

/*
 * pg_frame_take moves `bytes` on until a message is complete or none are left. The message in `out`
 * is valid until the next call.
 */
enum postgres_read pg_frame_take(struct pg_frame *frame, struct span *bytes,
				 struct postgres_message *out);

#endif
