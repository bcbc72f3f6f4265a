/* SPDX-License-Identifier: Apache-2.0 */
#include "live/probe_index.h"

struct probe_index probe_index_child(const struct probe_index *parent, uint16_t number)
{
	struct probe_index out = *parent;
	if (out.depth < PROBE_INDEX_DEPTH_MAX)
		out.children[out.depth++] = number;
	return out;
}

struct probe_index probe_index_parent(const struct probe_index *index)
{
	struct probe_index out = *index;
	if (out.depth)
		out.children[--out.depth] = 0;
	return out;
}

bool probe_index_equal(const struct probe_index *a, const struct probe_index *b)
{
	if (a->root != b->root || a->depth != b->depth)
		return false;
	for (size_t i = 0; i < a->depth; i++)
		if (a->children[i] != b->children[i])
			return false;
	return true;
}

void probe_index_put(struct text *out, const struct probe_index *index)
{
	text_put_decimal(out, index->root, 0);
	for (size_t i = 0; i < index->depth; i++) {
		text_put_char(out, '.');
		text_put_decimal(out, index->children[i], 0);
	}
}

/* Digits without a sign, a blank or a needless zero in front: an index has one spelling. */
static bool take_number(struct span *text, uint64_t max, uint64_t *out)
{
	size_t len = 0;
	uint64_t value = 0;
	while (len < text->len && text->at[len] >= '0' && text->at[len] <= '9') {
		value = value * 10 + (uint64_t)(text->at[len++] - '0');
		if (value > max)
			return false;
	}
	if (!len || (len > 1 && text->at[0] == '0'))
		return false;
	*text = span_skip(*text, len);
	*out = value;
	return true;
}

bool probe_index_read(struct probe_index *out, struct span text)
{
	uint64_t number;
	*out = (struct probe_index){ .root = 0 };
	if (!take_number(&text, UINT32_MAX, &number))
		return false;
	out->root = (uint32_t)number;
	while (text.len) {
		if (text.at[0] != '.' || out->depth == PROBE_INDEX_DEPTH_MAX)
			return false;
		text = span_skip(text, 1);
		if (!take_number(&text, PROBE_CHILDREN_MAX, &number) || !number)
			return false;
		out->children[out->depth++] = (uint16_t)number;
	}
	return true;
}

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of what goes in moves every bit.
 */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

uint64_t probe_index_seed(uint64_t seed, const struct probe_index *index)
{
	uint64_t out = mix(mix(seed + UINT64_C(0x9E3779B97F4A7C15)) + index->root);
	for (size_t i = 0; i < index->depth; i++)
		out = mix(out + index->children[i]);
	return out;
}
