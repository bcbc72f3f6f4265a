/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "protection_support.h"

bool ends_init(struct ends *ends, uint16_t suite, enum version version, bool encrypt_then_mac)
{
	uint8_t bytes[128];
	*ends = (struct ends){ 0 };
	if (!suite_params(&ends->params, suite, version, NULL))
		return false;
	rng_init(&ends->rng, suite, version);
	rng_fill(&ends->rng, bytes, sizeof bytes);
	struct protection_keys keys = {
		.mac = span_of(bytes, ends->params.mac_len),
		.key = span_of(bytes + 48, ends->params.key_len),
		.iv = span_of(bytes + 96, ends->params.fixed_iv_len),
	};
	ends->seal = protection_new(&ends->params, &keys, encrypt_then_mac, true);
	ends->open = protection_new(&ends->params, &keys, encrypt_then_mac, false);
	cr_assert(ends->seal && ends->open, "0x%04X in %s", suite, version_name(version));
	arena_init(&ends->arena, PROBE_ARENA_MAX);
	return true;
}

void ends_release(struct ends *ends)
{
	protection_free(ends->seal);
	protection_free(ends->open);
	arena_release(&ends->arena);
}

void ends_seal(struct ends *ends, uint8_t type, struct span fragment, unsigned spoil)
{
	struct builder out;
	builder_init(&out, ends->record, sizeof ends->record, NULL, 0);
	cr_assert_eq(protection_seal(ends->seal, &out, type, 0x0303, fragment, &ends->rng, spoil),
		     FAULT_NONE, "0x%04X", ends->params.code);
	ends->record_len = out.len;
	size_t fragment_len = (size_t)(ends->record[3] << 8 | ends->record[4]);
	cr_assert_eq(fragment_len, ends->record_len - 5);
}

enum fault ends_open(struct ends *ends, uint8_t *type, struct span *out)
{
	*type = ends->record[0];
	uint16_t version = (uint16_t)(ends->record[1] << 8 | ends->record[2]);
	struct span fragment = span_of(ends->record + 5, ends->record_len - 5);
	return protection_open(ends->open, &ends->arena, type, version, fragment, out);
}
