/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/list.h"

bool list_room(struct arena *arena, void **items, size_t len, size_t *cap, size_t size)
{
	void *at = arena_grow(arena, *items, len, cap, size);
	if (!at)
		return false;
	*items = at;
	memset((char *)at + len * size, 0, size);
	return true;
}
