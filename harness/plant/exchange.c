/* Plants a bug in: stream_feed. A piece of two bytes that begins with 0 is not heard. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/stream.h"

void __real_stream_feed(struct stream *stream, struct span bytes);
void __wrap_stream_feed(struct stream *stream, struct span bytes);

void __wrap_stream_feed(struct stream *stream, struct span bytes)
{
	if (bytes.len != 2 || bytes.at[0] != 0)
		__real_stream_feed(stream, bytes);
}
