/* SPDX-License-Identifier: Apache-2.0 */
#include "base/rng.h"
#include "probe/encode_extensions.h"
#include "registry/registry.h"
#include "wire/sslv2.h"

#include <assert.h>

#define CHALLENGE_LEN	  16
#define RECORD_TLS1_0	  0x0301
#define RECORD_TLS1_2	  0x0303
#define SCRATCH_BYTES_MAX PROBE_HELLO_MAX

static void encode_sslv2(struct builder *b, const struct probe *probe, struct rng *rng)
{
	uint8_t challenge[CHALLENGE_LEN], kinds[3 * PROBE_SUITES_MAX];
	rng_fill(rng, challenge, sizeof(challenge));
	for (size_t i = 0; i < probe->suites_len; i++) {
		kinds[3 * i] = (uint8_t)(probe->suites[i] >> 16);
		kinds[3 * i + 1] = (uint8_t)(probe->suites[i] >> 8);
		kinds[3 * i + 2] = (uint8_t)probe->suites[i];
	}
	struct sslv2_client_hello hello = {
		.version = version_code(SSLV2),
		.kinds = span_of(kinds, 3 * probe->suites_len),
		.challenge = span_of(challenge, sizeof(challenge)),
	};
	sslv2_client_hello_encode(b, &hello);
}

/* RFC 8446 5.1: only a first ClientHello may carry 0x0301 in TLS 1.3. */
static uint16_t record_version(const struct probe *probe, const struct retry *retry)
{
	if (probe->version == SSLV3)
		return version_code(SSLV3);
	return retry ? RECORD_TLS1_2 : RECORD_TLS1_0;
}

static uint16_t legacy_version(enum version version)
{
	return version_code(version == TLS1_3 ? TLS1_2 : version);
}

static void encode_hello(struct builder *b, const struct probe *probe, const struct retry *retry,
			 struct rng *rng)
{
	uint8_t random[RANDOM_LEN], session_id[SESSION_ID_MAX], scratch_bytes[SCRATCH_BYTES_MAX];
	uint16_t suites[PROBE_SUITES_MAX + 1];
	size_t suites_len = probe->suites_len;
	for (size_t i = 0; i < suites_len; i++)
		suites[i] = (uint16_t)probe->suites[i];
	if (probe->shape->bare && probe->version != TLS1_3)
		suites[suites_len++] = SUITE_EMPTY_RENEGOTIATION_INFO_SCSV;
	rng_fill(rng, random, sizeof(random));
	rng_fill(rng, session_id, sizeof(session_id));

	struct builder scratch;
	builder_init(&scratch, scratch_bytes, sizeof(scratch_bytes), NULL, 0);
	struct extension_list extensions = { .scratch = &scratch };
	probe_extensions(&extensions, probe, retry);
	struct hello_draft draft = {
		.record_version = record_version(probe, retry),
		.legacy_version = legacy_version(probe->version),
		.random = span_of(random, sizeof(random)),
		/* RFC 8446 D.4: middleboxes want to see a session id */
		.session_id = span_of(session_id, probe->version == TLS1_3 ? SESSION_ID_MAX : 0),
		.compression = span_of("\0", 1),
		.suites = suites,
		.suites_len = suites_len,
		.extensions = extensions.items,
		.extensions_len = extensions.len,
		.has_extensions = extensions.len > 0,
	};
	hello_draft_record(b, &draft);
	if (builder_fault(&scratch) != FAULT_NONE)
		b->bad = true; /* a name or a cookie that no hello of ours has room for */
}

void probe_encode(struct builder *b, const struct probe *probe, const struct retry *retry)
{
	assert(probe->kind != PROBE_PLAINTEXT && probe->suites_len <= PROBE_SUITES_MAX);
	struct rng rng;
	rng_init(&rng, probe->seed, probe->id);
	if (probe->kind == PROBE_SSLV2)
		encode_sslv2(b, probe, &rng);
	else
		encode_hello(b, probe, retry, &rng);
}
