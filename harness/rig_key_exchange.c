/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_key_exchange.h"

#include "base/limits.h"

static uint8_t secret[SHARED_SECRET_MAX], share[PUBLIC_SHARE_MAX];

static void note(enum fault fault, size_t secret_len, size_t share_len)
{
	harness_note_number(fault);
	if (fault != FAULT_NONE)
		return;
	CHECK(secret_len <= sizeof(secret) && share_len <= sizeof(share));
	harness_note(span_of(secret, secret_len));
	harness_note(span_of(share, share_len));
}

void rig_agree(uint16_t group, struct span peer)
{
	size_t secret_len = 0;
	enum fault fault = group_agree(secret, &secret_len, group, peer);
	CHECK(fault != FAULT_NONE || (secret_len > 0 && group_share(group).len > 0));
	note(fault, secret_len, 0);
}

void rig_agree_dh(struct span p, struct span g, struct span peer)
{
	size_t secret_len = 0, share_len = 0;
	/* Larger ones are the same code, a hundred times slower. */
	if (span_bits(p) > 2 * DH_BITS_MIN)
		return;
	enum fault fault = dh_agree(share, &share_len, secret, &secret_len, p, g, peer);
	CHECK(fault != FAULT_NONE || span_bits(p) >= DH_BITS_MIN);
	note(fault, secret_len, share_len);
}

void rig_verify(uint16_t scheme, uint8_t version, struct span certificate, struct span signature)
{
	struct rng rng;
	size_t secret_len = 0, share_len = 0;
	rng_init(&rng, 1, certificate.len);
	enum signature_check check = signature_verify(certificate, TLS1_0 + version / 4 % 4, scheme,
						      span_text("nobody signed this"), signature);
	CHECK(check != SIGNATURE_GOOD);
	harness_note_number(check);
	enum fault fault = static_ecdh_agree(share, &share_len, secret, &secret_len, certificate);
	note(fault, secret_len, share_len);
	fault = rsa_encrypt(share, &share_len, certificate, span_of(secret, 48), &rng);
	note(fault, 0, share_len);
}
