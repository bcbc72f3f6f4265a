/* Plants a bug in: stream_next. Application data that ends what was fed so far loses its first
 * byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

void __real_stream_next(struct stream *stream, struct stream_event *out);
void __wrap_stream_next(struct stream *stream, struct stream_event *out);

void __wrap_stream_next(struct stream *stream, struct stream_event *out)
{
	__real_stream_next(stream, out);
	if (out->kind == STREAM_APPLICATION_DATA && stream->len == stream->at)
		out->body = span_skip(out->body, 1);
}
