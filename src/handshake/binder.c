/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/binder.h"

#include "handshake/handshake_internal.h"

size_t handshake_binder_len(uint16_t suite)
{
	struct suite_params params;
	if (!suite_params(&params, suite, TLS1_3, NULL))
		return 0;
	return mbedtls_md_get_size(mbedtls_md_info_from_type(params.prf));
}

static enum fault digest_of(uint8_t out[HASH_MAX], const mbedtls_md_info_t *md, struct span before,
			    struct span truncated)
{
	mbedtls_md_context_t context;
	mbedtls_md_init(&context);
	int bad = mbedtls_md_setup(&context, md, 0);
	if (!bad)
		bad = mbedtls_md_starts(&context);
	if (!bad && before.len)
		bad = mbedtls_md_update(&context, before.at, before.len);
	if (!bad && truncated.len)
		bad = mbedtls_md_update(&context, truncated.at, truncated.len);
	if (!bad)
		bad = mbedtls_md_finish(&context, out);
	mbedtls_md_free(&context);
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

/* RFC 8446 7.1: "res binder" over nothing, then a Finished made with it. */
static enum fault binder_key(uint8_t out[HASH_MAX], mbedtls_md_type_t type, struct span psk)
{
	struct key_schedule schedule;
	uint8_t nothing[HASH_MAX], base[HASH_MAX];
	struct span none = span_of(NULL, 0);
	size_t len = psk.len;
	enum fault fault = key_schedule_early(&schedule, type, psk);
	if (!fault)
		fault = digest_of(nothing, mbedtls_md_info_from_type(type), none, none);
	if (!fault)
		fault = derive_secret(base, type, span_of(schedule.secret, len), "res binder",
				      span_of(nothing, len));
	if (!fault)
		fault = hkdf_expand_label(out, len, type, span_of(base, len), "finished", none);
	return fault;
}

enum fault handshake_psk_binder(uint8_t out[HASH_MAX], size_t *out_len,
				const struct resumption *resume, struct span before,
				struct span truncated)
{
	struct suite_params params;
	uint8_t key[HASH_MAX], digest[HASH_MAX];
	size_t len = *out_len = handshake_binder_len(resume->suite);
	if (!len || resume->secret.len != len ||
	    !suite_params(&params, resume->suite, TLS1_3, NULL))
		return FAULT_UNSUPPORTED;
	const mbedtls_md_info_t *md = mbedtls_md_info_from_type(params.prf);
	enum fault fault = binder_key(key, params.prf, resume->secret);
	if (!fault)
		fault = digest_of(digest, md, before, truncated);
	if (!fault && mbedtls_md_hmac(md, key, len, digest, len, out))
		fault = FAULT_CRYPTO;
	return fault;
}

struct span handshake_retry_transcript(const struct handshake *h)
{
	return h->facts.phase == PHASE_RETRY ? span_of(h->transcript.at, h->transcript.len)
					     : span_of(NULL, 0);
}
