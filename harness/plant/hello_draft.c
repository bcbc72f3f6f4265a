/* Plants a bug in: hello_draft_of. An unknown version loses its compression methods. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hello_draft.h"

enum fault __real_hello_draft_of(struct hello_draft *out, const struct client_hello *hello,
				 uint16_t record_version, struct arena *arena);
enum fault __wrap_hello_draft_of(struct hello_draft *out, const struct client_hello *hello,
				 uint16_t record_version, struct arena *arena);

enum fault __wrap_hello_draft_of(struct hello_draft *out, const struct client_hello *hello,
				 uint16_t record_version, struct arena *arena)
{
	enum fault fault = __real_hello_draft_of(out, hello, record_version, arena);
	if (out->legacy_version > 0x0304)
		out->compression.len = 0;
	return fault;
}
