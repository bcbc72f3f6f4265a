/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/hello_digest.h"
#include "registry/registry.h"
#include "wire/hello_draft.h"

#define EXTENSIONS_MAX 12
#define SCRATCH_MAX    512

/* An extension under construction; bodies live in `scratch`. */
struct digest {
	struct extension_draft extensions[EXTENSIONS_MAX];
	size_t extensions_len;
	uint8_t scratch_bytes[SCRATCH_MAX];
	struct builder scratch;
};

/* Adds what was written to `scratch` since `start`. */
static void extension_add(struct digest *digest, uint16_t type, size_t start)
{
	digest->extensions[digest->extensions_len++] = (struct extension_draft){
		.type = type,
		.body = span_skip(builder_view(&digest->scratch), start),
	};
}

static void extension_copy(struct digest *digest, const struct client_hello *hello,
			   enum extension_id id, uint16_t type)
{
	size_t start = digest->scratch.len;
	if (!client_hello_has(hello, id))
		return;
	extension_table[id]->encode(&digest->scratch, client_hello_view(hello, id));
	extension_add(digest, type, start);
}

/* Without a list the choice is ours; a list that we could not read was no list (RFC 8422 4). */
static void groups_add(struct digest *digest, const struct gate_result *hello,
		       const struct repertoire *repertoire)
{
	struct span offered = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
	size_t start = digest->scratch.len;
	struct prefix prefix = builder_open(&digest->scratch, "groups", 2);
	for (size_t i = 0; i < repertoire->groups_len[hello->version]; i++) {
		uint16_t group = repertoire->groups[hello->version][i];
		if (!offered.at || list_u16_has(offered, group))
			builder_u16(&digest->scratch, "group", group);
	}
	builder_close(&digest->scratch, prefix, 0);
	if (digest->scratch.len - start > 2)
		extension_add(digest, EXT_SUPPORTED_GROUPS, start);
	else
		digest->scratch.len = start;
}

/* RSA and ECDSA with SHA-512 to SHA-224; SHA-1 only for the defect (RFC 9155 4). */
static void schemes_add(struct digest *digest, const struct gate_result *hello,
			const struct repertoire *repertoire)
{
	struct span offered = client_hello_view(&hello->hello, EXTENSION_SIGNATURE_ALGORITHMS);
	if (!offered.at)
		return;
	unsigned weakest = repertoire_is(repertoire, DEFECT_SIGNS_WITH_SHA1) ? 2 : 3;
	size_t start = digest->scratch.len;
	struct prefix prefix = builder_open(&digest->scratch, "schemes", 2);
	for (unsigned hash = 6; hash >= weakest; hash--)
		for (unsigned signature = 1; signature <= 3; signature += 2) {
			uint16_t scheme = (uint16_t)(hash << 8 | signature);
			if (list_u16_has(offered, scheme))
				builder_u16(&digest->scratch, "scheme", scheme);
		}
	builder_close(&digest->scratch, prefix, 0);
	extension_add(digest, EXT_SIGNATURE_ALGORITHMS, start);
}

static void alpn_add(struct digest *digest, const struct client_hello *hello,
		     const struct repertoire *repertoire)
{
	struct cursor offered = cursor_over(client_hello_view(hello, EXTENSION_ALPN));
	struct span protocol;
	size_t start = digest->scratch.len, any = 0;
	struct prefix prefix = builder_open(&digest->scratch, "protocols", 2);
	while (alpn_next(&offered, &protocol) && any < 3) {
		if (!repertoire_speaks(repertoire, protocol))
			continue;
		struct prefix name = builder_open(&digest->scratch, "protocol", 1);
		builder_bytes(&digest->scratch, "name", protocol);
		builder_close(&digest->scratch, name, 0);
		any++;
	}
	builder_close(&digest->scratch, prefix, 0);
	if (any)
		extension_add(digest, EXT_ALPN, start);
	else
		digest->scratch.len = start;
}

/* The one that the client named first, of those that are possible. */
static uint16_t clients_favourite(struct span offered, const uint16_t *possible, size_t len,
				  const struct repertoire *repertoire)
{
	bool reverse = repertoire_is(repertoire, DEFECT_PREFERS_THE_LAST);
	size_t offered_len = list_u16_len(offered);
	for (size_t i = 0; i < offered_len; i++) {
		uint16_t suite = list_u16(offered, reverse ? offered_len - 1 - i : i);
		for (size_t j = 0; j < len; j++)
			if (possible[j] == suite)
				return suite;
	}
	return 0;
}

static size_t suites_pick(uint16_t *out, const struct gate_result *hello,
			  const struct repertoire *repertoire)
{
	size_t len = 0;
	const int *mine = repertoire->suites[hello->version];
	for (; *mine; mine++) {
		uint16_t suite = (uint16_t)*mine;
		if (list_u16_has(hello->hello.suites, suite) &&
		    gate_suite_possible(&hello->hello, repertoire, hello->version, suite))
			out[len++] = suite;
	}
	if (len && repertoire->client_order & VERSION_BIT(hello->version)) {
		out[0] = clients_favourite(hello->hello.suites, out, len, repertoire);
		len = 1;
	}
	if (list_u16_has(hello->hello.suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV))
		out[len++] = SUITE_EMPTY_RENEGOTIATION_INFO_SCSV;
	return len;
}

static void renegotiation_add(struct digest *digest, const struct client_hello *hello)
{
	size_t start = digest->scratch.len;
	if (!client_hello_has(hello, EXTENSION_RENEGOTIATION_INFO))
		return;
	builder_u8(&digest->scratch, "renegotiated_connection", 0);
	extension_add(digest, EXT_RENEGOTIATION_INFO, start);
}

static void extensions_add(struct digest *digest, const struct gate_result *hello,
			   const struct repertoire *repertoire)
{
	const struct client_hello *from = &hello->hello;
	static const uint8_t uncompressed[] = { 1, 0 };
	size_t start = digest->scratch.len;
	groups_add(digest, hello, repertoire);
	if (client_hello_has(from, EXTENSION_EC_POINT_FORMATS)) {
		start = digest->scratch.len;
		builder_bytes(&digest->scratch, "formats",
			      span_of(uncompressed, sizeof uncompressed));
		extension_add(digest, EXT_EC_POINT_FORMATS, start);
	}
	schemes_add(digest, hello, repertoire);
	alpn_add(digest, from, repertoire);
	renegotiation_add(digest, from);
	extension_copy(digest, from, EXTENSION_EXTENDED_MASTER_SECRET, EXT_EXTENDED_MASTER_SECRET);
	extension_copy(digest, from, EXTENSION_ENCRYPT_THEN_MAC, EXT_ENCRYPT_THEN_MAC);
	extension_copy(digest, from, EXTENSION_MAX_FRAGMENT_LENGTH, EXT_MAX_FRAGMENT_LENGTH);
}

void hello_digest_write(struct builder *out, const struct gate_result *hello,
			const struct repertoire *repertoire)
{
	static const uint8_t null_compression[] = { 0 };
	uint16_t suites[REPERTOIRE_SUITES_MAX + 1];
	struct span session_id = hello->hello.session_id;
	struct digest digest = { .extensions_len = 0 };
	builder_init(&digest.scratch, digest.scratch_bytes, sizeof digest.scratch_bytes, NULL, 0);
	extensions_add(&digest, hello, repertoire);
	if (session_id.len > SESSION_ID_MAX)
		session_id.len = SESSION_ID_MAX;
	struct hello_draft draft = {
		.record_version = version_code(TLS1_0),
		.legacy_version = version_code(hello->version),
		.random = hello->hello.random,
		.session_id = session_id,
		.compression = span_of(null_compression, sizeof null_compression),
		.suites = suites,
		.suites_len = suites_pick(suites, hello, repertoire),
		.extensions = digest.extensions,
		.extensions_len = digest.extensions_len,
		.has_extensions = digest.extensions_len > 0,
	};
	hello_draft_record(out, &draft);
}
