/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_frame.h"

void pg_frame_init(struct pg_frame *frame)
{
	frame->header_len = 0;
	frame->kept = 0;
	frame->left = 0;
	frame->total = 0;
	frame->text = false;
	frame->whole = false;
	frame->cut = false;
	frame->violation = PG_VIOLATION_NONE;
}

static void violate(struct pg_frame *frame, enum pg_violation violation)
{
	if (frame->violation == PG_VIOLATION_NONE)
		frame->violation = violation;
}

static void keep(struct pg_frame *frame, struct span bytes)
{
	size_t room = sizeof(frame->body) - frame->kept;
	size_t n = bytes.len < room ? bytes.len : room;
	if (n)
		memcpy(frame->body + frame->kept, bytes.at, n);
	frame->kept += n;
	frame->cut = frame->cut || n < bytes.len;
}

static struct span take(struct pg_frame *frame, struct span *bytes, size_t most)
{
	struct span taken = span_of(bytes->at, bytes->len < most ? bytes->len : most);
	*bytes = span_skip(*bytes, taken.len);
	frame->total += taken.len;
	if (frame->total > PEER_BYTES_MAX)
		violate(frame, PG_VIOLATION_TOO_MUCH);
	return taken;
}

static void take_header(struct pg_frame *frame, struct span *bytes)
{
	frame->header[frame->header_len++] = *take(frame, bytes, 1).at;
	/* No length that we take has a first byte other than 0, and no text has a 0 there. */
	if (frame->header_len == 2 && frame->header[1] != 0) {
		frame->text = frame->header[0] == 'E';
		if (frame->text)
			keep(frame, span_of(frame->header + 1, 1));
		else
			violate(frame, PG_VIOLATION_FRAMING);
	}
	if (frame->header_len < sizeof(frame->header))
		return;
	struct cursor c = cursor_over(span_of(frame->header + 1, 4));
	uint32_t len = cursor_u32(&c);
	if (len < 4 || len > PEER_BYTES_MAX)
		violate(frame, PG_VIOLATION_FRAMING);
	else
		frame->left = len - 4;
	frame->whole = frame->left == 0;
}

static void take_text(struct pg_frame *frame, struct span *bytes)
{
	const uint8_t *end = memchr(bytes->at, 0, bytes->len);
	keep(frame, take(frame, bytes, end ? (size_t)(end - bytes->at) : bytes->len));
	frame->whole = end != NULL;
	if (end)
		take(frame, bytes, 1);
}

static void take_body(struct pg_frame *frame, struct span *bytes)
{
	struct span part = take(frame, bytes, frame->left);
	keep(frame, part);
	frame->left -= part.len;
	frame->whole = frame->left == 0;
}

/* The message that was handed out last makes room for the next. */
static void make_room(struct pg_frame *frame)
{
	if (!frame->whole)
		return;
	frame->whole = false;
	frame->text = false;
	frame->cut = false;
	frame->header_len = 0;
	frame->kept = 0;
}

enum postgres_read pg_frame_take(struct pg_frame *frame, struct span *bytes,
				 struct postgres_message *out)
{
	make_room(frame);
	while (bytes->len && !frame->whole && frame->violation == PG_VIOLATION_NONE) {
		if (frame->text)
			take_text(frame, bytes);
		else if (frame->header_len < sizeof(frame->header))
			take_header(frame, bytes);
		else
			take_body(frame, bytes);
	}
	if (frame->violation != PG_VIOLATION_NONE)
		return POSTGRES_MALFORMED;
	if (!frame->whole)
		return POSTGRES_PARTIAL;
	*out = (struct postgres_message){ .type = frame->header[0],
					  .version2 = frame->text,
					  .body = span_of(frame->body, frame->kept) };
	return POSTGRES_MESSAGE;
}
