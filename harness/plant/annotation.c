/* Plants a bug in: message_map_of. The last field of a map that has more than eight is lost. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/message_map.h"

enum fault __real_message_map_of(struct message_map *out, const struct handshake_message *message,
				 struct message_context *context, struct arena *arena);
enum fault __wrap_message_map_of(struct message_map *out, const struct handshake_message *message,
				 struct message_context *context, struct arena *arena);

enum fault __wrap_message_map_of(struct message_map *out, const struct handshake_message *message,
				 struct message_context *context, struct arena *arena)
{
	enum fault fault = __real_message_map_of(out, message, context, arena);
	if (fault == FAULT_NONE && out->len > 8)
		out->len--;
	return fault;
}
