/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_protection.h"

#include "base/limits.h"
#include "registry/registry.h"

#define KEYS_LEN 128

static const struct kind {
	enum version version;
	uint16_t suite;
	bool encrypt_then_mac;
} kinds[] = {
	{ TLS1_0, 0x002F, false }, { TLS1_0, 0x002F, true },  { TLS1_1, 0xC009, false },
	{ TLS1_2, 0x003C, false }, { TLS1_2, 0x003C, true },  { TLS1_2, 0xC02F, false },
	{ TLS1_2, 0xC0AC, false }, { TLS1_2, 0xCCA8, false }, { TLS1_2, 0x003B, false },
	{ TLS1_2, 0xC028, false }, { TLS1_3, 0x1301, false }, { TLS1_3, 0x1303, false },
	{ TLS1_3, 0x1304, false }, { TLS1_2, 0x000A, false }, { TLS1_2, 0x0005, false },
};
#define KINDS_LEN (sizeof(kinds) / sizeof(kinds[0]))

/* Keys depend on the bytes: an engine that watches comparisons learns no MAC that it can use. */
static uint64_t seed_of(struct span bytes)
{
	uint64_t seed = 14695981039346656037u;
	for (size_t i = 0; i < bytes.len; i++)
		seed = (seed ^ bytes.at[i]) * 1099511628211u;
	return seed;
}

bool rig_protection_init(struct rig_protection *rig, uint8_t choice, struct span bytes)
{
	const struct kind *kind = &kinds[choice % KINDS_LEN];
	uint8_t key[KEYS_LEN];
	*rig = (struct rig_protection){ .arena = harness_arena(0, PROBE_ARENA_MAX) };
	if (!suite_params(&rig->params, kind->suite, kind->version, NULL))
		return false;
	rng_init(&rig->rng, seed_of(bytes), kind->suite);
	rng_fill(&rig->rng, key, sizeof(key));
	const struct protection_keys keys = {
		.mac = span_of(key, rig->params.mac_len),
		.key = span_of(key + 64, rig->params.key_len),
		.iv = span_of(key + 96, rig->params.fixed_iv_len),
	};
	rig->seal = protection_new(&rig->params, &keys, kind->encrypt_then_mac, true);
	rig->open = protection_new(&rig->params, &keys, kind->encrypt_then_mac, false);
	CHECK(rig->seal && rig->open);
	return true;
}

void rig_protection_release(struct rig_protection *rig)
{
	protection_free(rig->seal);
	protection_free(rig->open);
}

void rig_protection_round_trip(struct rig_protection *rig, struct span bytes, unsigned spoil)
{
	static uint8_t record[RECORD_CIPHERTEXT_MAX + 64];
	struct builder b;
	struct span opened = { NULL, 0 };
	bytes.len = bytes.len < RECORD_PLAINTEXT_MAX ? bytes.len : RECORD_PLAINTEXT_MAX;
	builder_init(&b, record, sizeof(record), NULL, 0);
	CHECK(protection_seal(rig->seal, &b, CONTENT_HANDSHAKE, 0x0303, bytes, &rig->rng, spoil) ==
	      FAULT_NONE);
	uint8_t type = record[0];
	CHECK(b.len >= 5 && b.len - 5 == ((size_t)record[3] << 8 | record[4]));
	enum fault fault = protection_open(rig->open, rig->arena, &type, 0x0303,
					   span_of(record + 5, b.len - 5), &opened);
	if (spoil) {
		CHECK(fault == FAULT_CRYPTO);
		return;
	}
	CHECK(fault == FAULT_NONE && type == CONTENT_HANDSHAKE && span_equal(opened, bytes));
	harness_note(builder_view(&b));
}

void rig_protection_forged(struct rig_protection *rig, struct span bytes)
{
	struct span opened = { NULL, 0 };
	uint8_t type = CONTENT_APPLICATION_DATA;
	enum fault fault = protection_open(rig->open, rig->arena, &type, 0x0303, bytes, &opened);
	CHECK(fault != FAULT_NONE);
	harness_note_number(fault);
}
