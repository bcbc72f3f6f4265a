/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/certificate_key.h"

#include <mbedtls/oid.h>

#include "base/limits.h"
#include "crypto/x509_parts.h"

#define OID_RSA	    span_of("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", 9)
#define OID_RSA_PSS span_of("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", 9)
#define OID_EC	    span_of("\x2a\x86\x48\xce\x3d\x02\x01", 7)

static int pk_make(mbedtls_pk_context *pk, mbedtls_pk_type_t type)
{
	return mbedtls_pk_setup(pk, mbedtls_pk_info_from_type(type));
}

static enum fault rsa_read(mbedtls_pk_context *pk, struct span key)
{
	struct cursor file = cursor_over(key);
	struct cursor pair = der_enter(&file, DER_SEQUENCE);
	struct span n = der_take(&pair, DER_INTEGER), e = der_take(&pair, DER_INTEGER);
	if (!cursor_done(&pair) || !cursor_done(&file))
		return FAULT_MALFORMED;
	/* A long exponent would make a hostile certificate dear to check. */
	if (der_bits(n) > RSA_BITS_MAX || der_bits(e) > RSA_EXPONENT_BITS_MAX)
		return FAULT_UNSUPPORTED;
	if (pk_make(pk, MBEDTLS_PK_RSA) != 0)
		return FAULT_CRYPTO;
	mbedtls_rsa_context *rsa = mbedtls_pk_rsa(*pk);
	if (mbedtls_rsa_import_raw(rsa, n.at, n.len, NULL, 0, NULL, 0, NULL, 0, e.at, e.len) != 0)
		return FAULT_CRYPTO;
	bool good = mbedtls_rsa_complete(rsa) == 0 && mbedtls_rsa_check_pubkey(rsa) == 0;
	return good ? FAULT_NONE : FAULT_MALFORMED;
}

static enum fault ec_read(mbedtls_pk_context *pk, struct span parameters, struct span key)
{
	struct cursor c = cursor_over(parameters);
	struct span oid = der_take(&c, DER_OID);
	if (!cursor_done(&c))
		return FAULT_UNSUPPORTED;
	uint8_t curve[32];
	if (oid.len > sizeof curve)
		return FAULT_UNSUPPORTED;
	memcpy(curve, oid.at, oid.len);
	mbedtls_asn1_buf name = { .tag = DER_OID, .len = oid.len, .p = curve };
	mbedtls_ecp_group_id id;
	if (mbedtls_oid_get_ec_grp(&name, &id) != 0)
		return FAULT_UNSUPPORTED;
	if (pk_make(pk, MBEDTLS_PK_ECKEY) != 0)
		return FAULT_CRYPTO;
	mbedtls_ecp_keypair *pair = mbedtls_pk_ec(*pk);
	if (mbedtls_ecp_group_load(&pair->grp, id) != 0)
		return FAULT_UNSUPPORTED;
	bool good = mbedtls_ecp_point_read_binary(&pair->grp, &pair->Q, key.at, key.len) == 0 &&
		    mbedtls_ecp_check_pubkey(&pair->grp, &pair->Q) == 0;
	return good ? FAULT_NONE : FAULT_MALFORMED;
}

enum fault certificate_key_read(struct certificate_key *out, struct span certificate)
{
	struct x509_parts parts;
	mbedtls_pk_init(&out->pk);
	out->pss = false;
	enum fault fault = x509_parts_read(&parts, certificate);
	if (fault)
		return fault;
	out->pss = span_equal(parts.key_algorithm, OID_RSA_PSS);
	if (out->pss || span_equal(parts.key_algorithm, OID_RSA))
		return rsa_read(&out->pk, parts.key);
	if (span_equal(parts.key_algorithm, OID_EC))
		return ec_read(&out->pk, parts.key_parameters, parts.key);
	return FAULT_UNSUPPORTED;
}

void certificate_key_free(struct certificate_key *key)
{
	mbedtls_pk_free(&key->pk);
}
