/* SPDX-License-Identifier: Apache-2.0 */
#include "live/novelty.h"

/* Each turn of a kept probe gives that many children, one after the other. */
#define CHILDREN_A_TURN 4

void novelty_init(struct novelty *novelty, struct arena *arena)
{
	*novelty = (struct novelty){
		.classes = arena_array(arena, NOVELTY_CLASSES_MAX, sizeof(uint64_t)),
		.kept = arena_array(arena, NOVELTY_KEPT_MAX, sizeof(struct novelty_kept)),
	};
}

/* 0 stands for an empty place. */
static uint64_t *place_of(struct novelty *novelty, uint64_t class)
{
	size_t at = class % NOVELTY_CLASSES_MAX;
	while (novelty->classes[at] && novelty->classes[at] != class)
		at = (at + 1) % NOVELTY_CLASSES_MAX;
	return &novelty->classes[at];
}

bool novelty_take(struct novelty *novelty, const struct probe_index *index, uint64_t class)
{
	class += !class;
	uint64_t *place = place_of(novelty, class);
	if (*place || novelty->kept_len == NOVELTY_KEPT_MAX)
		return false;
	*place = class;
	novelty->classes_len++;
	novelty->kept[novelty->kept_len++] =
		(struct novelty_kept){ .index = *index, .class = class };
	return true;
}

/* Round and round from the youngest to the oldest. */
bool novelty_next(struct novelty *novelty, struct probe_index *out)
{
	for (size_t i = 0; i < novelty->kept_len; i++) {
		size_t at = novelty->turn / CHILDREN_A_TURN % novelty->kept_len;
		struct novelty_kept *kept = &novelty->kept[novelty->kept_len - 1 - at];
		if (kept->children < NOVELTY_CHILDREN &&
		    kept->index.depth < PROBE_INDEX_DEPTH_MAX) {
			novelty->turn++;
			*out = probe_index_child(&kept->index, ++kept->children);
			return true;
		}
		novelty->turn += CHILDREN_A_TURN - novelty->turn % CHILDREN_A_TURN;
	}
	return false;
}
