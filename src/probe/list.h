/* list.h - growing arrays in an arena, for the planners. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef PROBE_LIST_H
#define PROBE_LIST_H

#include "base/arena.h"

#define LIST(type)                                                                                 \
	struct {                                                                                   \
		type *at;                                                                          \
		size_t len, cap;                                                                   \
	}

/* LIST_ADD returns a pointer to a new zeroed item, or NULL when the owner's arena is exhausted. */
#define LIST_ADD(owner, list)                                                                      \
	(list_room((owner)->arena, (void **)&(list).at, (list).len, &(list).cap,                   \
		   sizeof(*(list).at))                                                             \
		 ? &(list).at[(list).len++]                                                        \
		 : NULL)

/* list_room makes room for one more item, zeroed; false when the arena is exhausted. */
bool list_room(struct arena *arena, void **items, size_t len, size_t *cap, size_t size);

#endif
