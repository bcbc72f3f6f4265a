/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/key_exchange.h"

#include <mbedtls/dhm.h>
#include <mbedtls/ecdh.h>

#include "base/limits.h"
#include "crypto/certificate_key.h"
#include "crypto/random.h"

/* RFC 8422 5.1.1, RFC 7027 2; RFC 8734 3 gives the brainpool curves other numbers in TLS 1.3. */
static const struct key_row {
	uint16_t group;
	mbedtls_ecp_group_id id;
	const char *scalar;
	size_t scalar_len;
	const char *share;
	size_t share_len;
} keys[] = {
#define KEY(group_, id_, scalar_, share_)                                                          \
	{ .group = (group_),                                                                       \
	  .id = (id_),                                                                             \
	  .scalar = (scalar_),                                                                     \
	  .scalar_len = sizeof(scalar_) - 1,                                                       \
	  .share = (share_),                                                                       \
	  .share_len = sizeof(share_) - 1 },
#include "crypto/group_keys.def"
#undef KEY
};
#define KEYS_LEN (sizeof keys / sizeof keys[0])

/* The exponent is SHA-256 of "tlsgauge ffdhe" with the top bit set; the generator is always 2. */
static const uint8_t dh_exponent[32] = {
	0xb9, 0x27, 0x53, 0xac, 0x01, 0xf0, 0xb9, 0x65, 0x40, 0x73, 0x1d,
	0x5e, 0xf3, 0x0e, 0x19, 0x87, 0x03, 0x6d, 0xb0, 0x57, 0x0e, 0xe3,
	0xf0, 0x0b, 0x45, 0xb5, 0xd8, 0xb0, 0xcb, 0xae, 0x3b, 0x65,
};
static const uint8_t ffdhe2048[] = MBEDTLS_DHM_RFC7919_FFDHE2048_P_BIN;
static const uint8_t ffdhe3072[] = MBEDTLS_DHM_RFC7919_FFDHE3072_P_BIN;
static const uint8_t ffdhe4096[] = MBEDTLS_DHM_RFC7919_FFDHE4096_P_BIN;
static const uint8_t ffdhe6144[] = MBEDTLS_DHM_RFC7919_FFDHE6144_P_BIN;
static const uint8_t ffdhe8192[] = MBEDTLS_DHM_RFC7919_FFDHE8192_P_BIN;

static const struct finite_field_row {
	uint16_t group;
	const uint8_t *prime;
	const char *share;
	size_t len;
} finite_fields[] = {
#define SHARE(group_, prime_, share_)                                                              \
	{ .group = (group_), .prime = (prime_), .share = (share_), .len = sizeof(prime_) },
#include "crypto/ffdhe_keys.def"
#undef SHARE
};
#define FINITE_FIELDS_LEN (sizeof finite_fields / sizeof finite_fields[0])

static const struct key_row *key_by_group(uint16_t group)
{
	/* brainpoolP256r1tls13 to brainpoolP512r1tls13 are the curves 0x001A to 0x001C. */
	if (group >= 0x001F && group <= 0x0021)
		group = (uint16_t)(group - 0x001F + 0x001A);
	for (size_t i = 0; i < KEYS_LEN; i++)
		if (keys[i].group == group)
			return mbedtls_ecdh_can_do(keys[i].id) ? &keys[i] : NULL;
	return NULL;
}

static const struct key_row *key_by_curve(mbedtls_ecp_group_id id)
{
	for (size_t i = 0; i < KEYS_LEN; i++)
		if (keys[i].id == id)
			return &keys[i];
	return NULL;
}

static const struct finite_field_row *finite_field_by_group(uint16_t group)
{
	for (size_t i = 0; i < FINITE_FIELDS_LEN; i++)
		if (finite_fields[i].group == group)
			return &finite_fields[i];
	return NULL;
}

struct span group_share(uint16_t group)
{
	const struct key_row *key = key_by_group(group);
	if (key)
		return span_of(key->share, key->share_len);
	const struct finite_field_row *field = finite_field_by_group(group);
	return field ? span_of(field->share, field->len) : span_of(NULL, 0);
}

static bool is_montgomery(mbedtls_ecp_group_id id)
{
	return id == MBEDTLS_ECP_DP_CURVE25519 || id == MBEDTLS_ECP_DP_CURVE448;
}

static int scalar_read(mbedtls_mpi *out, const struct key_row *key)
{
	const uint8_t *at = (const uint8_t *)key->scalar;
	return is_montgomery(key->id) ? mbedtls_mpi_read_binary_le(out, at, key->scalar_len)
				      : mbedtls_mpi_read_binary(out, at, key->scalar_len);
}

/* RFC 8422 5.11: the whole field element, big-endian but for x25519 and x448. */
static int secret_write(uint8_t out[SHARED_SECRET_MAX], size_t *out_len, const mbedtls_mpi *x,
			const mbedtls_ecp_group *group)
{
	*out_len = (group->pbits + 7) / 8;
	return is_montgomery(group->id) ? mbedtls_mpi_write_binary_le(x, out, *out_len)
					: mbedtls_mpi_write_binary(x, out, *out_len);
}

static enum fault multiply(uint8_t out[SHARED_SECRET_MAX], size_t *out_len,
			   const struct key_row *key, mbedtls_ecp_group *group,
			   const mbedtls_ecp_point *peer)
{
	struct rng blinding;
	rng_init(&blinding, 0, 0);
	mbedtls_mpi scalar, x;
	mbedtls_mpi_init(&scalar);
	mbedtls_mpi_init(&x);
	int bad = scalar_read(&scalar, key);
	if (!bad)
		bad = mbedtls_ecdh_compute_shared(group, &x, peer, &scalar, random_bytes,
						  &blinding);
	/* RFC 7748 6.1, 6.2: zero means that the peer's point has a small order. */
	enum fault fault = bad					   ? FAULT_CRYPTO
			   : mbedtls_mpi_cmp_int(&x, 0) == 0	   ? FAULT_MALFORMED
			   : secret_write(out, out_len, &x, group) ? FAULT_CRYPTO
								   : FAULT_NONE;
	mbedtls_mpi_free(&scalar);
	mbedtls_mpi_free(&x);
	return fault;
}

static enum fault curve_agree(uint8_t out[SHARED_SECRET_MAX], size_t *out_len,
			      const struct key_row *key, struct span peer)
{
	mbedtls_ecp_group group;
	mbedtls_ecp_point point;
	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&point);
	enum fault fault = FAULT_MALFORMED;
	if (mbedtls_ecp_group_load(&group, key->id) != 0)
		fault = FAULT_CRYPTO;
	else if (mbedtls_ecp_point_read_binary(&group, &point, peer.at, peer.len) == 0 &&
		 mbedtls_ecp_check_pubkey(&group, &point) == 0)
		fault = multiply(out, out_len, key, &group, &point);
	mbedtls_ecp_point_free(&point);
	mbedtls_ecp_group_free(&group);
	return fault;
}

static struct span without_zeros(struct span number)
{
	while (number.len && number.at[0] == 0)
		number = span_skip(number, 1);
	return number;
}

struct finite_field {
	mbedtls_mpi p, g, peer, exponent, most;
};

/* `most` is p - 2, the largest value that is neither trivial nor of order two. */
static enum fault finite_field_read(struct finite_field *field, struct span p, struct span g,
				    struct span peer)
{
	p = without_zeros(p);
	if (p.len > DH_BITS_MAX / 8)
		return FAULT_TOO_LARGE;
	if (without_zeros(g).len > p.len || without_zeros(peer).len > p.len)
		return FAULT_MALFORMED;
	if (mbedtls_mpi_read_binary(&field->p, p.at, p.len) != 0 ||
	    mbedtls_mpi_read_binary(&field->g, g.at, g.len) != 0 ||
	    mbedtls_mpi_read_binary(&field->peer, peer.at, peer.len) != 0 ||
	    mbedtls_mpi_read_binary(&field->exponent, dh_exponent, sizeof dh_exponent) != 0 ||
	    mbedtls_mpi_sub_int(&field->most, &field->p, 2) != 0)
		return FAULT_CRYPTO;
	bool usable = mbedtls_mpi_bitlen(&field->p) >= DH_BITS_MIN &&
		      mbedtls_mpi_get_bit(&field->p, 0) == 1;
	const mbedtls_mpi *values[] = { &field->g, &field->peer };
	for (size_t i = 0; i < 2; i++)
		if (mbedtls_mpi_cmp_int(values[i], 1) <= 0 ||
		    mbedtls_mpi_cmp_mpi(values[i], &field->most) > 0)
			usable = false;
	return usable ? FAULT_NONE : FAULT_MALFORMED;
}

/* Both results are as long as the modulus. */
static enum fault finite_field_power(uint8_t *out, size_t *out_len, struct finite_field *field,
				     const mbedtls_mpi *base)
{
	mbedtls_mpi result;
	mbedtls_mpi_init(&result);
	*out_len = mbedtls_mpi_size(&field->p);
	int bad = mbedtls_mpi_exp_mod(&result, base, &field->exponent, &field->p, NULL);
	if (!bad)
		bad = mbedtls_mpi_write_binary(&result, out, *out_len);
	mbedtls_mpi_free(&result);
	return bad ? FAULT_CRYPTO : FAULT_NONE;
}

static void finite_field_init(struct finite_field *field)
{
	mbedtls_mpi_init(&field->p);
	mbedtls_mpi_init(&field->g);
	mbedtls_mpi_init(&field->peer);
	mbedtls_mpi_init(&field->exponent);
	mbedtls_mpi_init(&field->most);
}

static void finite_field_free(struct finite_field *field)
{
	mbedtls_mpi_free(&field->p);
	mbedtls_mpi_free(&field->g);
	mbedtls_mpi_free(&field->peer);
	mbedtls_mpi_free(&field->exponent);
	mbedtls_mpi_free(&field->most);
}

/* RFC 8446 7.4.1: in TLS 1.3 the secret keeps its leading zeros, and the value its length. */
static enum fault finite_field_agree(uint8_t out[SHARED_SECRET_MAX], size_t *out_len,
				     const struct finite_field_row *row, struct span peer)
{
	static const uint8_t two = 2;
	if (peer.len != row->len)
		return FAULT_MALFORMED;
	struct finite_field field;
	finite_field_init(&field);
	enum fault fault =
		finite_field_read(&field, span_of(row->prime, row->len), span_of(&two, 1), peer);
	if (!fault)
		fault = finite_field_power(out, out_len, &field, &field.peer);
	finite_field_free(&field);
	return fault;
}

enum fault group_agree(uint8_t out[SHARED_SECRET_MAX], size_t *out_len, uint16_t group,
		       struct span peer)
{
	const struct key_row *key = key_by_group(group);
	if (key)
		return curve_agree(out, out_len, key, peer);
	const struct finite_field_row *field = finite_field_by_group(group);
	return field ? finite_field_agree(out, out_len, field, peer) : FAULT_UNSUPPORTED;
}

static void strip_zeros(uint8_t *bytes, size_t *len)
{
	struct span kept = without_zeros(span_of(bytes, *len));
	memmove(bytes, kept.at, kept.len);
	*len = kept.len;
}

enum fault dh_agree(uint8_t share[PUBLIC_SHARE_MAX], size_t *share_len,
		    uint8_t secret[SHARED_SECRET_MAX], size_t *secret_len, struct span p,
		    struct span g, struct span peer)
{
	struct finite_field field;
	finite_field_init(&field);
	enum fault fault = finite_field_read(&field, p, g, peer);
	if (!fault)
		fault = finite_field_power(share, share_len, &field, &field.g);
	if (!fault)
		fault = finite_field_power(secret, secret_len, &field, &field.peer);
	finite_field_free(&field);
	if (fault)
		return fault;
	strip_zeros(secret, secret_len);
	/* A modulus that is no prime can bring zero about. */
	return *secret_len ? FAULT_NONE : FAULT_MALFORMED;
}

enum fault rsa_encrypt(uint8_t out[PUBLIC_SHARE_MAX], size_t *out_len, struct span certificate,
		       struct span premaster, struct rng *rng)
{
	struct certificate_key key;
	enum fault fault = certificate_key_read(&key, certificate);
	if (fault == FAULT_UNSUPPORTED ||
	    (!fault && (key.pss || !mbedtls_pk_can_do(&key.pk, MBEDTLS_PK_RSA))))
		fault = FAULT_MALFORMED;
	if (!fault && mbedtls_pk_encrypt(&key.pk, premaster.at, premaster.len, out, out_len,
					 PUBLIC_SHARE_MAX, random_bytes, rng) != 0)
		fault = FAULT_CRYPTO;
	certificate_key_free(&key);
	return fault;
}

enum fault static_ecdh_agree(uint8_t share[PUBLIC_SHARE_MAX], size_t *share_len,
			     uint8_t secret[SHARED_SECRET_MAX], size_t *secret_len,
			     struct span certificate)
{
	struct certificate_key key;
	enum fault fault = certificate_key_read(&key, certificate);
	if (!fault && !mbedtls_pk_can_do(&key.pk, MBEDTLS_PK_ECKEY))
		fault = FAULT_MALFORMED;
	if (!fault) {
		mbedtls_ecp_keypair *pair = mbedtls_pk_ec(key.pk);
		const struct key_row *ours = key_by_curve(pair->grp.id);
		fault = ours ? multiply(secret, secret_len, ours, &pair->grp, &pair->Q)
			     : FAULT_UNSUPPORTED;
		if (!fault) {
			memcpy(share, ours->share, ours->share_len);
			*share_len = ours->share_len;
		}
	}
	certificate_key_free(&key);
	return fault;
}
