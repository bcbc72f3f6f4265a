/* view.h - reading the views that extensions give: lists, names, shares. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_EXTENSION_VIEW_H
#define WIRE_EXTENSION_VIEW_H

#include "base/cursor.h"

/* list_u16_len counts the code points of a list. */
static inline size_t list_u16_len(struct span list)
{
	return list.len / 2;
}

/* list_u16 returns the code point at `index`, which is below list_u16_len. */
static inline uint16_t list_u16(struct span list, size_t index)
{
	return (uint16_t)(list.at[2 * index] << 8 | list.at[2 * index + 1]);
}

/* list_u16_has says whether the list holds the code point. */
static inline bool list_u16_has(struct span list, uint16_t code)
{
	for (size_t i = 0; i < list_u16_len(list); i++) {
		if (list_u16(list, i) == code)
			return true;
	}
	return false;
}

/* server_name_host returns the host_name of a server_name view, or an absent view (RFC 6066 3). */
struct span server_name_host(struct span view);

/* alpn_next reads the next protocol of an alpn view; false at its end (RFC 7301 3.1). */
static inline bool alpn_next(struct cursor *list, struct span *out)
{
	if (cursor_left(list) == 0)
		return false;
	*out = cursor_vec8(list);
	return cursor_ok(list);
}

/* One share of a key_share view. */
struct key_share_entry {
	uint16_t group;
	struct span key_exchange;
};

/* key_share_next reads the next share; false at the end (RFC 8446 4.2.8). */
static inline bool key_share_next(struct cursor *list, struct key_share_entry *out)
{
	if (cursor_left(list) == 0)
		return false;
	out->group = cursor_u16(list);
	out->key_exchange = cursor_vec16(list);
	return cursor_ok(list);
}

#endif
