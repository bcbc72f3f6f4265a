/* Plants a bug in: annotate. The last field of more than four is lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/annotation.h"

enum fault __real_annotate(struct annotation *out, struct span bytes, bool server,
			   struct arena *arena);
enum fault __wrap_annotate(struct annotation *out, struct span bytes, bool server,
			   struct arena *arena);

enum fault __wrap_annotate(struct annotation *out, struct span bytes, bool server,
			   struct arena *arena)
{
	enum fault fault = __real_annotate(out, bytes, server, arena);
	if (fault == FAULT_NONE && out->len > 4)
		out->len--;
	return fault;
}
