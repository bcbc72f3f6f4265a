/* Plants a bug in: stream_feed_record. What is dropped at the ceiling is counted as if it were
 * kept.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

void __real_stream_feed_record(struct stream *stream, uint8_t type, uint16_t version,
			       struct span fragment);
void __wrap_stream_feed_record(struct stream *stream, uint8_t type, uint16_t version,
			       struct span fragment);

void __wrap_stream_feed_record(struct stream *stream, uint8_t type, uint16_t version,
			       struct span fragment)
{
	__real_stream_feed_record(stream, type, version, fragment);
	if (stream->overflow)
		stream->len++;
}
