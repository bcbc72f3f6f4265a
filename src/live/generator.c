/* SPDX-License-Identifier: Apache-2.0 */
#include "live/generator.h"

#include "base/limits.h"
#include "base/rng.h"
#include "mutate/operation.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"
#include "wire/client_hello.h"
#include "wire/handshake.h"
#include "wire/record.h"

/* Independent streams of one probe's seed; the third is fuzz_stream.c's. */
enum stream { STREAM_BASE, STREAM_MUTATIONS, STREAM_CUT, STREAM_PICK, STREAM_SIZE };

#define ROUNDS_MAX     6
#define ONE_CUT_IN     64
#define ONE_SPECIAL_IN 256

/* Sixteen finite fields that nobody has begin with 0x01E0; this is the lower byte. */
#define FFDHE_NONE     0xE0

enum special { SPECIAL_OVERFULL, SPECIAL_WARNINGS, SPECIAL_FIELDS, SPECIAL_NONE };

static bool is_accepted(const struct settings *settings, enum version version, uint16_t suite)
{
	struct ruling ruling = policy_suite(settings, version, suite);
	return ruling.kind == RULING_ACCEPT || ruling.kind == RULING_MAY ||
	       ruling.kind == RULING_SHOULD;
}

void generator_init(struct generator *generator, uint64_t seed, const struct settings *settings,
		    const struct shape *shape, const struct upgrade *upgrade, struct arena *arena)
{
	*generator = (struct generator){
		.seed = seed,
		.shape = shape,
		.upgrade = upgrade,
		.mutator = { .arena = arena, .form = MUTATE_RECORDS },
	};
	for (enum version v = SSLV3; v <= TLS1_3; v++) {
		for (size_t i = 0; i < cipher_suites_len; i++) {
			uint16_t code = cipher_suites[i].code;
			size_t *len = &generator->accepted_len[v];
			if (*len < GENERATOR_SUITES_MAX && cipher_suite_in(&cipher_suites[i], v) &&
			    is_accepted(settings, v, code))
				generator->accepted[v][(*len)++] = code;
		}
		if (generator->accepted_len[v])
			generator->versions |= VERSION_BIT(v);
	}
}

static enum version draw_version(const struct generator *generator, struct rng *rng)
{
	enum version any = SSLV3 + rng_below(rng, TLS1_3 - SSLV3 + 1);
	if (!generator->versions || rng_below(rng, 2))
		return any;
	for (;; any = any == TLS1_3 ? SSLV3 : any + 1)
		if (generator->versions & VERSION_BIT(any))
			return any;
}

static uint16_t draw_accepted(const struct generator *generator, enum version version,
			      struct rng *rng)
{
	size_t len = generator->accepted_len[version];
	if (!len)
		return cipher_suites[rng_below(rng, (uint32_t)cipher_suites_len)].code;
	return generator->accepted[version][rng_below(rng, (uint32_t)len)];
}

static void add(struct probe *probe, uint16_t suite)
{
	for (size_t i = 0; i < probe->suites_len; i++)
		if (probe->suites[i] == suite)
			return;
	if (probe->suites_len < SUITE_SET_MAX)
		probe->suites[probe->suites_len++] = suite;
}

/* One suite as often as many: a policy is about single cells. */
static void draw_suites(const struct generator *generator, struct probe *probe, struct rng *rng)
{
	uint32_t mode = rng_below(rng, 8);
	size_t accepted = mode < 2 ? 1 : mode < 4 ? 0 : rng_below(rng, 8);
	size_t others = mode < 2 ? 0 : mode < 4 ? 1 : mode < 7 ? rng_below(rng, 20) : SUITE_SET_MAX;
	for (size_t i = 0; i < others; i++)
		add(probe, cipher_suites[rng_below(rng, (uint32_t)cipher_suites_len)].code);
	for (size_t i = 0; i < accepted; i++)
		add(probe, draw_accepted(generator, probe->version, rng));
	if (!probe->suites_len)
		add(probe, draw_accepted(generator, probe->version, rng));
}

static size_t encode(struct probe *probe, uint8_t *out)
{
	struct builder b;
	builder_init(&b, out, GENERATED_MAX, NULL, 0);
	probe_encode(&b, probe, NULL);
	return builder_fault(&b) == FAULT_NONE ? b.len : 0;
}

static size_t make_sslv2(const struct generator *generator, const struct probe_index *index,
			 struct rng *rng, uint8_t *out)
{
	static const uint32_t kinds[] = { 0x010080, 0x020080, 0x030080, 0x040080,
					  0x050080, 0x060040, 0x0700C0, 0x080080 };
	struct probe probe = {
		.id = index->root + 1,
		.kind = PROBE_SSLV2,
		.seed = generator->seed,
		.version = SSLV2,
		.shape = generator->shape,
		.upgrade = generator->upgrade,
	};
	size_t len = 1 + rng_below(rng, sizeof(kinds) / sizeof(kinds[0]));
	for (; probe.suites_len < len; probe.suites_len++)
		probe.suites[probe.suites_len] = kinds[probe.suites_len];
	return encode(&probe, out);
}

static size_t make_base(const struct generator *generator, const struct probe_index *index,
			bool gentle, enum special special, struct rng *rng, uint8_t *out)
{
	struct shape shape = *generator->shape;
	struct probe probe = {
		.id = index->root + 1,
		.seed = generator->seed,
		.version = draw_version(generator, rng),
		.shape = &shape,
		.upgrade = generator->upgrade,
	};
	shape.ffdhe_groups = rng_below(rng, 4) == 0 || special == SPECIAL_FIELDS;
	shape.bare = rng_below(rng, 12) == 0;
	if (gentle || special != SPECIAL_NONE) {
		for (size_t i = 1 + rng_below(rng, 4); i; i--)
			add(&probe, draw_accepted(generator, probe.version, rng));
	} else {
		draw_suites(generator, &probe, rng);
	}
	return encode(&probe, out);
}

static void put_number(uint8_t *at, size_t bytes, size_t value)
{
	for (; bytes; value >>= 8)
		at[--bytes] = (uint8_t)value;
}

#define HELLO_AT     (RECORD_HEADER_LEN + HANDSHAKE_HEADER_LEN)
#define EXTENSION_AT 4
#define OVER_MAX     1024

/* Padding (RFC 7685) makes the one record of a hello longer than records may be: no length lies, so
 * that whoever does not mind answers. */
static size_t overfill(struct rng *rng, uint8_t *out, size_t len)
{
	struct client_hello hello;
	if (len < HELLO_AT ||
	    client_hello_decode(&hello, cursor_over(span_of(out + HELLO_AT, len - HELLO_AT)),
				STRICT, NULL) != FAULT_NONE ||
	    !hello.extensions.len || client_hello_has(&hello, EXTENSION_PADDING))
		return len;
	size_t over = RECORD_HEADER_LEN + RECORD_PLAINTEXT_MAX + 1 + rng_below(rng, OVER_MAX);
	size_t padding = over - len - EXTENSION_AT;
	put_number(out + len, 2, EXT_PADDING);
	put_number(out + len + 2, 2, padding);
	memset(out + len + EXTENSION_AT, 0, padding);
	put_number(out + (hello.extensions.at - out) - 2, 2,
		   hello.extensions.len + EXTENSION_AT + padding);
	put_number(out + RECORD_HEADER_LEN + 1, 3, over - HELLO_AT);
	put_number(out + 3, 2, over - RECORD_HEADER_LEN);
	return over;
}

#define WARNING_LEN   (RECORD_HEADER_LEN + 2)
#define WARNINGS_SPAN 32

/* More warnings than anybody needs in front of a hello that is as it should be (RFC 5246 7.2.2). */
static size_t warn(struct rng *rng, uint8_t *out, size_t len)
{
	const uint8_t warning[WARNING_LEN] = { CONTENT_ALERT,	   3, 1, 0, 2, ALERT_WARNING,
					       ALERT_USER_CANCELED };
	size_t warnings = 1 + WARNING_ALERTS_MAX + rng_below(rng, WARNINGS_SPAN);
	memmove(out + warnings * WARNING_LEN, out, len);
	for (size_t i = 0; i < warnings; i++)
		memcpy(out + i * WARNING_LEN, warning, WARNING_LEN);
	return len + warnings * WARNING_LEN;
}

/* Finite fields that nobody has (RFC 7919 4), instead of those that the hello names. */
static void rename_fields(struct rng *rng, uint8_t *out, size_t len)
{
	struct client_hello hello;
	if (len < HELLO_AT ||
	    client_hello_decode(&hello, cursor_over(span_of(out + HELLO_AT, len - HELLO_AT)),
				STRICT, NULL) != FAULT_NONE)
		return;
	struct span groups = client_hello_view(&hello, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; i < list_u16_len(groups); i++)
		if (group_is_ffdhe(list_u16(groups, i)))
			out[(size_t)(groups.at - out) + 2 * i + 1] =
				(uint8_t)(FFDHE_NONE + rng_below(rng, 16));
}

/* What no server may mind: single changes beside an otherwise usual hello. */
static size_t mutate_gently(const struct generator *generator, struct rng *rng, uint8_t *out,
			    size_t len)
{
	static const enum operation_id gentle[] = {
		OPERATION_extension_insert,  OPERATION_extension_insert,
		OPERATION_extension_usual,   OPERATION_extension_grease,
		OPERATION_extension_unknown, OPERATION_extension_swap,
		OPERATION_extension_drop,    OPERATION_list_add,
		OPERATION_list_shuffle,	     OPERATION_session_id_set,
		OPERATION_compression_set,   OPERATION_version_set,
		OPERATION_record_split,	     OPERATION_record_shred,
		OPERATION_record_version,    OPERATION_block_toggle,
		OPERATION_list_flood,	     OPERATION_record_insert_other,
	};
	size_t rounds = rng_below(rng, 4);
	for (size_t i = 0; i < rounds; i++) {
		size_t which = gentle[rng_below(rng, sizeof(gentle) / sizeof(gentle[0]))];
		size_t made = mutate_by(&generator->mutator, which, out, len, GENERATED_MAX,
					rng_u64(rng));
		len = made ? made : len;
	}
	return len;
}

static unsigned draw_levels(struct rng *rng)
{
	uint32_t n = rng_below(rng, 8);
	if (n < 5)
		return MUTATE_HELLOS;
	return n == 5 ? MUTATE_HELLOS | MUTATE_LAYERS : n == 6 ? MUTATE_LAYERS : MUTATE_ALL;
}

static size_t mutate(const struct generator *generator, struct rng *rng, size_t rounds,
		     uint8_t *out, size_t len)
{
	struct mutator mutator = generator->mutator;
	mutator.levels = draw_levels(rng);
	for (size_t i = 0; i < rounds; i++)
		len = mutate_flight(&mutator, out, len, GENERATED_MAX, rng_u64(rng));
	return len;
}

/* None for one in seven, mostly one or two. */
static size_t draw_rounds(struct rng *rng)
{
	static const uint8_t rounds[] = { 0, 1, 1, 1, 2, 2, 3 };
	size_t n = rounds[rng_below(rng, sizeof(rounds))];
	return n == 3 ? 3 + rng_below(rng, ROUNDS_MAX - 2) : n;
}

static size_t make_special(enum special special, struct rng *rng, uint8_t *out, size_t len)
{
	switch (special) {
	case SPECIAL_OVERFULL:
		return overfill(rng, out, len);
	case SPECIAL_WARNINGS:
		return warn(rng, out, len);
	case SPECIAL_FIELDS:
		rename_fields(rng, out, len);
		return len;
	case SPECIAL_NONE:
		break;
	}
	return len;
}

static size_t make_root(const struct generator *generator, const struct probe_index *root,
			uint8_t *out)
{
	struct rng rng;
	uint64_t seed = probe_index_seed(generator->seed, root);
	rng_init(&rng, seed, STREAM_SIZE);
	uint32_t drawn = rng_below(&rng, ONE_SPECIAL_IN);
	enum special special = drawn < SPECIAL_NONE ? (enum special)drawn : SPECIAL_NONE;
	rng_init(&rng, seed, STREAM_BASE);
	bool sslv2 = rng_below(&rng, 32) == 0, gentle = rng_below(&rng, 3) == 0;
	size_t len = sslv2 ? make_sslv2(generator, root, &rng, out)
			   : make_base(generator, root, gentle, special, &rng, out);
	rng_init(&rng, seed, STREAM_MUTATIONS);
	if (special != SPECIAL_NONE && !sslv2)
		return make_special(special, &rng, out, len);
	return gentle ? mutate_gently(generator, &rng, out, len)
		      : mutate(generator, &rng, draw_rounds(&rng), out, len);
}

size_t generator_make(const struct generator *generator, const struct probe_index *index,
		      uint8_t *out)
{
	struct rng rng;
	struct probe_index at = { .root = index->root };
	size_t len = make_root(generator, &at, out);
	for (size_t i = 0; i < index->depth; i++) {
		at = probe_index_child(&at, index->children[i]);
		rng_init(&rng, probe_index_seed(generator->seed, &at), STREAM_MUTATIONS);
		len = mutate(generator, &rng, 1 + rng_below(&rng, 3), out, len);
	}
	return len;
}

size_t generator_cut(const struct generator *generator, const struct probe_index *index, size_t len)
{
	struct rng rng;
	rng_init(&rng, probe_index_seed(generator->seed, index), STREAM_CUT);
	if (rng_below(&rng, ONE_CUT_IN) || len < 2)
		return 0;
	return 1 + rng_below(&rng, (uint32_t)len - 1);
}
