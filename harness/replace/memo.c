/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "base/builder.h"
#include "coverage.h"
#include "crypto/key_exchange.h"
#include "harness.h"
#include "memory.h"
#include "unseen.h"

UNSEEN_BEGIN

/*
 * Public-key operations cost a thousand times what the rest of a handshake costs, and nearly every
 * mutated flight asks for the same ones. Their answers are kept by their arguments; what is not
 * kept yet is computed, so that no answer is ever another one than without.
 */
#define ENTRIES	   1024
#define HASH_START 14695981039346656037u
#define HASH_PRIME 1099511628211u

struct entry {
	uint8_t *key;
	size_t key_len;
	unsigned result;
	uint8_t bytes[2][SHARED_SECRET_MAX];
	size_t len[2];
};

/* The names that --wrap gives. */
enum fault __real_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer);
enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer);
enum fault __real_dh_agree(uint8_t *share, size_t *share_len, uint8_t *secret, size_t *secret_len,
			   struct span p, struct span g, struct span peer);
enum fault __wrap_dh_agree(uint8_t *share, size_t *share_len, uint8_t *secret, size_t *secret_len,
			   struct span p, struct span g, struct span peer);
enum signature_check __real_signature_verify(struct span certificate, enum version version,
					     uint16_t scheme, struct span signed_bytes,
					     struct span signature);
enum signature_check __wrap_signature_verify(struct span certificate, enum version version,
					     uint16_t scheme, struct span signed_bytes,
					     struct span signature);

/* What is asked: a number that names the question, and its arguments one behind the other. */
static struct span key_of(uint32_t question, const struct span *parts, size_t len)
{
	static uint8_t key[2 * HARNESS_INPUT_MAX];
	struct builder b;
	builder_init(&b, key, sizeof(key), NULL, 0);
	builder_u32(&b, "question", question);
	for (size_t i = 0; i < len; i++) {
		builder_u32(&b, "length", (uint32_t)parts[i].len);
		builder_bytes(&b, "part", parts[i]);
	}
	CHECK(builder_fault(&b) == FAULT_NONE);
	return builder_view(&b);
}

static size_t slot_of(struct span key)
{
	uint64_t hash = HASH_START;
	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ key.at[i]) * HASH_PRIME;
	return (size_t)(hash >> 32) % ENTRIES;
}

/*
 * The entry of the key; `*known` says whether its answer is there. An older one makes room, and the
 * coverage is kept: that an answer had to be computed must not show.
 */
static struct entry *look_up(struct span key, bool *known)
{
	static struct entry entries[ENTRIES];
	struct entry *entry = &entries[slot_of(key)];
	*known = span_equal(span_of(entry->key, entry->key_len), key);
	if (*known)
		return entry;
	memory_pause();
	coverage_keep(COVERAGE_OF_MEMO);
	free(entry->key);
	entry->key = malloc(key.len);
	CHECK(entry->key);
	memory_resume();
	memcpy(entry->key, key.at, key.len);
	entry->key_len = key.len;
	return entry;
}

static void keep(struct entry *entry, size_t index, const uint8_t *bytes, size_t len)
{
	entry->len[index] = len <= SHARED_SECRET_MAX ? len : 0;
	memcpy(entry->bytes[index], bytes, entry->len[index]);
}

static void give(const struct entry *entry, size_t index, uint8_t *bytes, size_t *len)
{
	*len = entry->len[index];
	memcpy(bytes, entry->bytes[index], *len);
}

enum fault __wrap_group_agree(uint8_t *out, size_t *out_len, uint16_t group, struct span peer)
{
	bool known;
	struct entry *entry = look_up(key_of(group, &peer, 1), &known);
	if (!known) {
		*out_len = 0;
		entry->result = __real_group_agree(out, out_len, group, peer);
		keep(entry, 0, out, *out_len);
		coverage_restore(COVERAGE_OF_MEMO);
	}
	give(entry, 0, out, out_len);
	return (enum fault)entry->result;
}

enum fault __wrap_dh_agree(uint8_t *share, size_t *share_len, uint8_t *secret, size_t *secret_len,
			   struct span p, struct span g, struct span peer)
{
	bool known;
	const struct span parts[] = { p, g, peer };
	struct entry *entry = look_up(key_of(0x10000, parts, 3), &known);
	if (!known) {
		*share_len = *secret_len = 0;
		entry->result = __real_dh_agree(share, share_len, secret, secret_len, p, g, peer);
		keep(entry, 0, share, *share_len);
		keep(entry, 1, secret, *secret_len);
		coverage_restore(COVERAGE_OF_MEMO);
	}
	give(entry, 0, share, share_len);
	give(entry, 1, secret, secret_len);
	return (enum fault)entry->result;
}

enum signature_check __wrap_signature_verify(struct span certificate, enum version version,
					     uint16_t scheme, struct span signed_bytes,
					     struct span signature)
{
	bool known;
	const struct span parts[] = { certificate, signed_bytes, signature };
	uint32_t question = 0x20000u + ((uint32_t)version << 24) + scheme;
	struct entry *entry = look_up(key_of(question, parts, 3), &known);
	if (!known) {
		entry->result = __real_signature_verify(certificate, version, scheme, signed_bytes,
							signature);
		coverage_restore(COVERAGE_OF_MEMO);
	}
	return (enum signature_check)entry->result;
}

UNSEEN_END
