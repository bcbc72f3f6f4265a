/* Plants a bug in: pg_frame_take. A message without a body is passed over at the end of a piece. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_frame.h"

enum postgres_read __real_pg_frame_take(struct pg_frame *frame, struct span *bytes,
					struct postgres_message *out);
enum postgres_read __wrap_pg_frame_take(struct pg_frame *frame, struct span *bytes,
					struct postgres_message *out);

enum postgres_read __wrap_pg_frame_take(struct pg_frame *frame, struct span *bytes,
					struct postgres_message *out)
{
	enum postgres_read read = __real_pg_frame_take(frame, bytes, out);
	if (read == POSTGRES_MESSAGE && bytes->len == 0 && out->body.len == 0)
		return POSTGRES_PARTIAL;
	return read;
}
