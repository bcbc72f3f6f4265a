/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_schedule.h"

#include <mbedtls/hkdf.h>

#include "base/builder.h"

enum fault hkdf_expand_label(uint8_t *out, size_t out_len, mbedtls_md_type_t md, struct span secret,
			     const char *label, struct span context)
{
	uint8_t bytes[2 + 256 + 256];
	struct builder info;
	builder_init(&info, bytes, sizeof bytes, NULL, 0);
	builder_u16(&info, "length", (uint16_t)out_len);
	struct prefix prefix = builder_open(&info, "label", 1);
	builder_bytes(&info, "tls13", span_text("tls13 "));
	builder_bytes(&info, "name", span_text(label));
	builder_close(&info, prefix, 0);
	prefix = builder_open(&info, "context", 1);
	builder_bytes(&info, "hash", context);
	builder_close(&info, prefix, 0);
	const mbedtls_md_info_t *hash = mbedtls_md_info_from_type(md);
	if (!hash || builder_fault(&info) || out_len > UINT16_MAX)
		return FAULT_CRYPTO;
	int bad = mbedtls_hkdf_expand(hash, secret.at, secret.len, bytes, info.len, out, out_len);
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

enum fault derive_secret(uint8_t *out, mbedtls_md_type_t md, struct span secret, const char *label,
			 struct span transcript)
{
	return hkdf_expand_label(out, secret.len, md, secret, label, transcript);
}

static enum fault extract(struct key_schedule *schedule, struct span salt, struct span input)
{
	static const uint8_t zeros[HASH_MAX];
	if (!input.len)
		input = span_of(zeros, schedule->hash_len);
	if (!salt.len)
		salt = span_of(zeros, schedule->hash_len);
	int bad = mbedtls_hkdf_extract(mbedtls_md_info_from_type(schedule->md), salt.at, salt.len,
				       input.at, input.len, schedule->secret);
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

enum fault key_schedule_early(struct key_schedule *schedule, mbedtls_md_type_t md, struct span psk)
{
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(md);
	*schedule = (struct key_schedule){ .md = md };
	if (!info || mbedtls_md_get_size(info) > HASH_MAX)
		return FAULT_CRYPTO;
	schedule->hash_len = mbedtls_md_get_size(info);
	return extract(schedule, span_of(NULL, 0), psk);
}

/* RFC 8446 7.1: each extraction is salted with what Derive-Secret makes of the stage before. */
static enum fault next_stage(struct key_schedule *schedule, struct span input)
{
	static const uint8_t nothing[1];
	uint8_t empty_hash[HASH_MAX], salt[HASH_MAX];
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(schedule->md);
	if (!info || mbedtls_md(info, nothing, 0, empty_hash) != 0)
		return FAULT_CRYPTO;
	enum fault fault =
		derive_secret(salt, schedule->md, span_of(schedule->secret, schedule->hash_len),
			      "derived", span_of(empty_hash, schedule->hash_len));
	return fault ? fault : extract(schedule, span_of(salt, schedule->hash_len), input);
}

enum fault key_schedule_handshake(struct key_schedule *schedule, struct span shared)
{
	return next_stage(schedule, shared);
}

enum fault key_schedule_main(struct key_schedule *schedule)
{
	return next_stage(schedule, span_of(NULL, 0));
}
