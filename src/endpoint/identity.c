/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <time.h>

#include <mbedtls/asn1write.h>
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/ecp.h>
#include <mbedtls/entropy.h>
#include <mbedtls/oid.h>
#include <mbedtls/platform_util.h>
#include <mbedtls/rsa.h>
#include <mbedtls/x509_crt.h>

#include "endpoint/identity.h"

#define RSA_BITS	  2048
#define VALID_DAYS	  30
#define SECONDS_A_DAY	  86400
#define SUBJECT		  "CN=tlsgauge reference endpoint"
#define RSA_AUTHORITY	  "CN=tlsgauge test root RSA"
#define ECDSA_AUTHORITY	  "CN=tlsgauge test root ECDSA"
#define OTHER_AUTHORITY	  "CN=tlsgauge retired root"
#define GENERAL_NAMES_MAX 512
#define SAN_DNS_NAME	  (MBEDTLS_ASN1_CONTEXT_SPECIFIC | 2)
#define SAN_IP_ADDRESS	  (MBEDTLS_ASN1_CONTEXT_SPECIFIC | 7)

struct maker {
	mbedtls_entropy_context entropy;
	mbedtls_ctr_drbg_context drbg;
	char not_before[16], not_after[16], past[16], future[16];
	uint8_t names[GENERAL_NAMES_MAX]; /* subjectAltName, at the end of the array */
	size_t names_len;
	mbedtls_pk_context stranger; /* the key of an authority that nobody trusts */
};

/* What is asked of one certificate; `issuer_key` NULL signs it with its own key. */
struct order {
	mbedtls_pk_type_t type;
	const char *subject, *issuer;
	mbedtls_pk_context *issuer_key;
	unsigned usage;
	enum identity_flaw flaw;
};

static int name_write(uint8_t **at, uint8_t *start, const void *bytes, size_t len, uint8_t tag)
{
	int written = mbedtls_asn1_write_raw_buffer(at, start, bytes, len);
	if (written >= 0)
		written = mbedtls_asn1_write_len(at, start, len);
	if (written >= 0)
		written = mbedtls_asn1_write_tag(at, start, tag);
	return written < 0 ? written : 0;
}

static int host_write(uint8_t **at, uint8_t *start, const char *host)
{
	uint8_t address[16];
	if (inet_pton(AF_INET, host, address) == 1)
		return name_write(at, start, address, 4, SAN_IP_ADDRESS);
	if (inet_pton(AF_INET6, host, address) == 1)
		return name_write(at, start, address, 16, SAN_IP_ADDRESS);
	return name_write(at, start, host, strlen(host), SAN_DNS_NAME);
}

/* DER is written from its end to its start. */
static int names_make(struct maker *maker, const char *host)
{
	static const char *const always[] = { "::1", "127.0.0.1", "localhost" };
	uint8_t *end = maker->names + sizeof maker->names, *at = end;
	int bad = 0;
	for (size_t i = 0; i < 3 && !bad; i++)
		if (strcmp(always[i], host) != 0)
			bad = host_write(&at, maker->names, always[i]);
	if (!bad)
		bad = host_write(&at, maker->names, host);
	size_t len = (size_t)(end - at);
	if (!bad && (mbedtls_asn1_write_len(&at, maker->names, len) < 0 ||
		     mbedtls_asn1_write_tag(&at, maker->names,
					    MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE) < 0))
		bad = -1;
	maker->names_len = (size_t)(end - at);
	return bad;
}

/* A moment some days from now, as X.509 writes it. */
static void day_write(char out[16], int days)
{
	time_t when = time(NULL) + (time_t)days * SECONDS_A_DAY;
	struct tm day;
	strftime(out, 16, "%Y%m%d%H%M%S", gmtime_r(&when, &day));
}

static int key_make(struct maker *maker, mbedtls_pk_context *key, mbedtls_pk_type_t type)
{
	int bad = mbedtls_pk_setup(key, mbedtls_pk_info_from_type(type));
	if (bad)
		return bad;
	if (type == MBEDTLS_PK_RSA)
		return mbedtls_rsa_gen_key(mbedtls_pk_rsa(*key), mbedtls_ctr_drbg_random,
					   &maker->drbg, RSA_BITS, 65537);
	return mbedtls_ecp_gen_key(MBEDTLS_ECP_DP_SECP256R1, mbedtls_pk_ec(*key),
				   mbedtls_ctr_drbg_random, &maker->drbg);
}

static int maker_init(struct maker *maker, const char *host)
{
	mbedtls_entropy_init(&maker->entropy);
	mbedtls_ctr_drbg_init(&maker->drbg);
	mbedtls_pk_init(&maker->stranger);
	day_write(maker->not_before, -1);
	day_write(maker->not_after, VALID_DAYS - 1);
	day_write(maker->past, -VALID_DAYS);
	day_write(maker->future, 2 * VALID_DAYS);
	int bad =
		mbedtls_ctr_drbg_seed(&maker->drbg, mbedtls_entropy_func, &maker->entropy, NULL, 0);
	bad = bad ? bad : names_make(maker, host);
	return bad ? bad : key_make(maker, &maker->stranger, MBEDTLS_PK_ECKEY);
}

static void maker_release(struct maker *maker)
{
	mbedtls_pk_free(&maker->stranger);
	mbedtls_ctr_drbg_free(&maker->drbg);
	mbedtls_entropy_free(&maker->entropy);
}

static int serial_set(struct maker *maker, mbedtls_x509write_cert *crt)
{
	mbedtls_mpi serial;
	mbedtls_mpi_init(&serial);
	int bad = mbedtls_mpi_fill_random(&serial, 15, mbedtls_ctr_drbg_random, &maker->drbg);
	if (!bad)
		bad = mbedtls_x509write_crt_set_serial(crt, &serial);
	mbedtls_mpi_free(&serial);
	return bad;
}

static int extensions_set(struct maker *maker, mbedtls_x509write_cert *crt,
			  const struct order *order)
{
	static const uint8_t for_servers[] = "\x30\x0a\x06\x08" MBEDTLS_OID_SERVER_AUTH;
	bool authority = !order->issuer_key;
	int bad = mbedtls_x509write_crt_set_basic_constraints(crt, authority, authority ? 0 : -1);
	bad = bad ? bad : mbedtls_x509write_crt_set_key_usage(crt, order->usage);
	bad = bad ? bad : mbedtls_x509write_crt_set_subject_key_identifier(crt);
	bad = bad ? bad : mbedtls_x509write_crt_set_authority_key_identifier(crt);
	if (bad || authority)
		return bad;
	bad = mbedtls_x509write_crt_set_extension(crt, MBEDTLS_OID_EXTENDED_KEY_USAGE,
						  MBEDTLS_OID_SIZE(MBEDTLS_OID_EXTENDED_KEY_USAGE),
						  0, for_servers, sizeof for_servers - 1);
	const uint8_t *names = maker->names + sizeof maker->names - maker->names_len;
	static const uint8_t elsewhere[] = "\x30\x0f\x82\x0dwrong.invalid";
	bool wrong = order->flaw == IDENTITY_WRONG_HOST;
	return bad ? bad
		   : mbedtls_x509write_crt_set_extension(
			     crt, MBEDTLS_OID_SUBJECT_ALT_NAME,
			     MBEDTLS_OID_SIZE(MBEDTLS_OID_SUBJECT_ALT_NAME), 0,
			     wrong ? elsewhere : names,
			     wrong ? sizeof elsewhere - 1 : maker->names_len);
}

static int certificate_fill(struct maker *maker, mbedtls_x509write_cert *crt,
			    mbedtls_pk_context *key, const struct order *order)
{
	mbedtls_x509write_crt_set_version(crt, MBEDTLS_X509_CRT_VERSION_3);
	mbedtls_x509write_crt_set_md_alg(crt, MBEDTLS_MD_SHA256);
	mbedtls_x509write_crt_set_subject_key(crt, key);
	mbedtls_x509write_crt_set_issuer_key(crt, order->issuer_key ? order->issuer_key : key);
	int bad = serial_set(maker, crt);
	bad = bad ? bad : mbedtls_x509write_crt_set_subject_name(crt, order->subject);
	bad = bad ? bad : mbedtls_x509write_crt_set_issuer_name(crt, order->issuer);
	const char *from = maker->not_before, *until = maker->not_after;
	if (order->flaw == IDENTITY_EXPIRED) {
		from = maker->past;
		until = maker->not_before;
	}
	if (order->flaw == IDENTITY_NOT_YET_VALID) {
		from = maker->not_after;
		until = maker->future;
	}
	bad = bad ? bad : mbedtls_x509write_crt_set_validity(crt, from, until);
	return bad ? bad : extensions_set(maker, crt, order);
}

/* mbedTLS writes DER to the end of a buffer; it moves to the start here. */
static int der_move(struct der *out, int len)
{
	if (len < 0)
		return len;
	out->len = (size_t)len;
	memmove(out->bytes, out->bytes + sizeof out->bytes - out->len, out->len);
	return 0;
}

static int certificate_write(struct maker *maker, struct der *out, mbedtls_pk_context *key,
			     const struct order *order)
{
	mbedtls_x509write_cert crt;
	mbedtls_x509write_crt_init(&crt);
	int bad = certificate_fill(maker, &crt, key, order);
	if (!bad)
		bad = der_move(out,
			       mbedtls_x509write_crt_der(&crt, out->bytes, sizeof out->bytes,
							 mbedtls_ctr_drbg_random, &maker->drbg));
	mbedtls_x509write_crt_free(&crt);
	return bad;
}

/* An authority signs for itself; `pem` gets its certificate as text. */
static int root_make(struct maker *maker, mbedtls_pk_context *key, const struct order *order,
		     char *pem, size_t pem_len)
{
	mbedtls_x509write_cert crt;
	mbedtls_x509write_crt_init(&crt);
	int bad = key_make(maker, key, order->type);
	if (!bad)
		bad = certificate_fill(maker, &crt, key, order);
	if (!bad)
		bad = mbedtls_x509write_crt_pem(&crt, (unsigned char *)pem, pem_len,
						mbedtls_ctr_drbg_random, &maker->drbg);
	mbedtls_x509write_crt_free(&crt);
	return bad;
}

/* One key, with the sound certificate and those with a flaw. */
static int leaf_make(struct maker *maker, struct certified *out, mbedtls_pk_context *key,
		     const struct order *sound)
{
	int bad = key_make(maker, key, sound->type);
	for (size_t flaw = IDENTITY_SOUND; flaw < IDENTITY_FLAWS_LEN && !bad; flaw++) {
		struct order order = *sound;
		order.flaw = (enum identity_flaw)flaw;
		if (flaw == IDENTITY_OTHER_ROOT) {
			order.issuer = OTHER_AUTHORITY;
			order.issuer_key = &maker->stranger;
		}
		bad = certificate_write(maker, &out->certificates[flaw], key, &order);
	}
	if (!bad)
		bad = der_move(&out->key, mbedtls_pk_write_key_der(key, out->key.bytes,
								   sizeof out->key.bytes));
	return bad;
}

/* An authority signs the certificates of one key; its own key is forgotten afterwards. */
static int branch_make(struct maker *maker, struct endpoint_identity *identity,
		       mbedtls_pk_type_t type, const char *authority)
{
	bool rsa = type == MBEDTLS_PK_RSA;
	size_t used = strlen(identity->ca_pem);
	mbedtls_pk_context issuer_key, key;
	mbedtls_pk_init(&issuer_key);
	mbedtls_pk_init(&key);
	struct order root = {
		.type = type,
		.subject = authority,
		.issuer = authority,
		.usage = MBEDTLS_X509_KU_KEY_CERT_SIGN | MBEDTLS_X509_KU_CRL_SIGN,
	};
	struct order leaf = {
		.type = type,
		.subject = SUBJECT,
		.issuer = authority,
		.issuer_key = &issuer_key,
		.usage = MBEDTLS_X509_KU_DIGITAL_SIGNATURE |
			 (rsa ? MBEDTLS_X509_KU_KEY_ENCIPHERMENT : MBEDTLS_X509_KU_KEY_AGREEMENT),
	};
	int bad = root_make(maker, &issuer_key, &root, identity->ca_pem + used,
			    IDENTITY_PEM_MAX - used);
	if (!bad)
		bad = leaf_make(maker, rsa ? &identity->rsa : &identity->ecdsa, &key, &leaf);
	mbedtls_pk_free(&issuer_key);
	mbedtls_pk_free(&key);
	return bad;
}

enum fault endpoint_identity_make(struct endpoint_identity **out, const char *host_name)
{
	*out = NULL;
	if (strlen(host_name) > 253 || !*host_name)
		return FAULT_USAGE;
	struct endpoint_identity *identity = calloc(1, sizeof *identity);
	struct maker *maker = calloc(1, sizeof *maker);
	int bad = -1;
	if (identity && maker) {
		bad = maker_init(maker, host_name);
		if (!bad)
			bad = branch_make(maker, identity, MBEDTLS_PK_RSA, RSA_AUTHORITY);
		if (!bad)
			bad = branch_make(maker, identity, MBEDTLS_PK_ECKEY, ECDSA_AUTHORITY);
		maker_release(maker);
	}
	enum fault fault = identity && maker ? FAULT_CRYPTO : FAULT_NO_MEMORY;
	free(maker);
	if (bad) {
		endpoint_identity_free(identity);
		return fault;
	}
	*out = identity;
	return FAULT_NONE;
}

void endpoint_identity_free(struct endpoint_identity *identity)
{
	if (identity)
		mbedtls_platform_zeroize(identity, sizeof *identity);
	free(identity);
}

const char *endpoint_identity_ca(const struct endpoint_identity *identity)
{
	return identity->ca_pem;
}
