/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/certs.h>
#include <mbedtls/ssl_ticket.h>
#include <time.h>

#include "rig_mbedtls.h"

/* The name that --wrap gives. */
time_t __wrap_time(time_t *out);

#define TICKET_LIFETIME_S 86400
#define WARM_UPS	  3

/* mbedTLS's own test authorities, each the certificate of an end here: their keys are published. */
struct identity {
	mbedtls_x509_crt certificate;
	mbedtls_pk_context key;
};

static struct identity identities[2]; /* RSA, ECDSA */
static mbedtls_x509_crt authorities;
static mbedtls_ssl_config configurations[RIG_SIDES][RIG_IDENTITIES];
static mbedtls_ssl_ticket_context tickets;
static mbedtls_ssl_session sessions[2]; /* with an id, with a ticket */
static mbedtls_mpi blinding[2];		/* of the RSA key, as every input finds it */

time_t __wrap_time(time_t *out)
{
	if (out)
		*out = RIG_CLOCK;
	return RIG_CLOCK;
}

static void load(struct identity *identity, struct span certificate, struct span key)
{
	mbedtls_x509_crt_init(&identity->certificate);
	mbedtls_pk_init(&identity->key);
	CHECK(!mbedtls_x509_crt_parse_der(&identity->certificate, certificate.at, certificate.len));
	CHECK(!mbedtls_x509_crt_parse_der(&authorities, certificate.at, certificate.len));
	CHECK(!mbedtls_pk_parse_key(&identity->key, key.at, key.len, NULL, 0));
}

/* Keys keep what an operation computed for the next one: that must not look like a leak. */
static void warm_up(struct identity *identity, mbedtls_pk_context *authority, struct rng *rng)
{
	uint8_t hash[32] = { 1 }, signature[MBEDTLS_PK_SIGNATURE_MAX_SIZE];
	uint8_t secret[256] = { 0 }, out[256];
	size_t len = 0, out_len;
	for (unsigned i = 0; i < WARM_UPS; i++) {
		CHECK(!mbedtls_pk_sign(&identity->key, MBEDTLS_MD_SHA256, hash, sizeof(hash),
				       signature, &len, rig_mbedtls_random, rng));
		CHECK(!mbedtls_pk_verify(&identity->certificate.pk, MBEDTLS_MD_SHA256, hash,
					 sizeof(hash), signature, len));
		CHECK(!mbedtls_pk_verify(authority, MBEDTLS_MD_SHA256, hash, sizeof(hash),
					 signature, len));
		/* What is no secret is refused, after the work. */
		secret[255]++;
		if (mbedtls_pk_can_do(&identity->key, MBEDTLS_PK_RSA))
			CHECK(mbedtls_pk_decrypt(&identity->key, secret, sizeof(secret), out,
						 &out_len, sizeof(out), rig_mbedtls_random, rng));
	}
}

static void keep_blinding(void)
{
	const mbedtls_rsa_context *rsa = mbedtls_pk_rsa(identities[0].key);
	mbedtls_mpi_init(&blinding[0]);
	mbedtls_mpi_init(&blinding[1]);
	CHECK(!mbedtls_mpi_copy(&blinding[0], &rsa->Vi));
	CHECK(!mbedtls_mpi_copy(&blinding[1], &rsa->Vf));
}

/* Each operation squares what blinds the next one. */
void rig_mbedtls_forget(void)
{
	mbedtls_rsa_context *rsa = mbedtls_pk_rsa(identities[0].key);
	CHECK(!mbedtls_mpi_copy(&rsa->Vi, &blinding[0]));
	CHECK(!mbedtls_mpi_copy(&rsa->Vf, &blinding[1]));
}

static void configure(enum rig_side side, unsigned which)
{
	static const unsigned char psk[16] = "a key of 16 byte", name[] = "Client_identity";
	mbedtls_ssl_config *conf = &configurations[side][which];
	mbedtls_ssl_config_init(conf);
	CHECK(!mbedtls_ssl_config_defaults(
		conf, side == RIG_SERVER ? MBEDTLS_SSL_IS_SERVER : MBEDTLS_SSL_IS_CLIENT,
		MBEDTLS_SSL_TRANSPORT_STREAM, MBEDTLS_SSL_PRESET_DEFAULT));
	mbedtls_ssl_conf_ca_chain(conf, &authorities, NULL);
	CHECK(!mbedtls_ssl_conf_psk(conf, psk, sizeof(psk), name, sizeof(name) - 1));
	for (unsigned i = 0; i < 2; i++) {
		struct identity *identity = &identities[i];
		if (which == 0 || which == i + 1)
			CHECK(!mbedtls_ssl_conf_own_cert(conf, &identity->certificate,
							 &identity->key));
	}
}

/* A session of TLS 1.2 with ECDHE_RSA and AES_128_GCM, whose secret both sides have. */
static void make_sessions(void)
{
	static uint8_t ticket[1024];
	mbedtls_ssl_session *known = &sessions[0], *ticketed = &sessions[1];
	size_t len;
	uint32_t lifetime;
	mbedtls_ssl_session_init(known);
	known->ciphersuite = 0xC02F;
	known->start = RIG_CLOCK;
	known->id_len = sizeof(known->id);
	memset(known->id, 0x51, sizeof(known->id));
	memset(known->master, 0x4D, sizeof(known->master));
	*ticketed = *known;
	ticketed->id_len = 0;
	CHECK(!mbedtls_ssl_ticket_write(&tickets, ticketed, ticket, ticket + sizeof(ticket), &len,
					&lifetime));
	ticketed->ticket = ticket;
	ticketed->ticket_len = len;
	ticketed->ticket_lifetime = lifetime;
}

void rig_mbedtls_prepare(struct rng *rng)
{
	rng_init(rng, 0, 0);
	mbedtls_x509_crt_init(&authorities);
	load(&identities[0],
	     span_of(mbedtls_test_ca_crt_rsa_sha256_der, mbedtls_test_ca_crt_rsa_sha256_der_len),
	     span_of(mbedtls_test_ca_key_rsa_der, mbedtls_test_ca_key_rsa_der_len));
	load(&identities[1], span_of(mbedtls_test_ca_crt_ec_der, mbedtls_test_ca_crt_ec_der_len),
	     span_of(mbedtls_test_ca_key_ec_der, mbedtls_test_ca_key_ec_der_len));
	warm_up(&identities[0], &authorities.pk, rng);
	warm_up(&identities[1], &authorities.next->pk, rng);
	keep_blinding();
	for (unsigned which = 0; which < RIG_IDENTITIES; which++) {
		configure(RIG_SERVER, which);
		configure(RIG_CLIENT, which);
	}
	mbedtls_ssl_ticket_init(&tickets);
	CHECK(!mbedtls_ssl_ticket_setup(&tickets, rig_mbedtls_random, rng,
					MBEDTLS_CIPHER_AES_256_GCM, TICKET_LIFETIME_S));
	make_sessions();
}

const mbedtls_ssl_config *rig_mbedtls_configuration(enum rig_side side, unsigned which)
{
	return &configurations[side][which % RIG_IDENTITIES];
}

const mbedtls_ssl_session *rig_mbedtls_session(bool by_ticket)
{
	return &sessions[by_ticket];
}

void rig_mbedtls_tickets(mbedtls_ssl_config *conf)
{
	mbedtls_ssl_conf_session_tickets_cb(conf, mbedtls_ssl_ticket_write,
					    mbedtls_ssl_ticket_parse, &tickets);
}

static int remember(void *opaque, const mbedtls_ssl_session *session)
{
	(void)opaque;
	(void)session;
	return 0;
}

static int recall(void *opaque, mbedtls_ssl_session *session)
{
	(void)opaque;
	const mbedtls_ssl_session *known = &sessions[0];
	if (!span_equal(span_of(session->id, session->id_len), span_of(known->id, known->id_len)))
		return 1;
	*session = *known;
	return 0;
}

void rig_mbedtls_cache(mbedtls_ssl_config *conf)
{
	mbedtls_ssl_conf_session_cache(conf, NULL, recall, remember);
}

static int choose_certificate(void *opaque, mbedtls_ssl_context *ssl, const unsigned char *name,
			      size_t len)
{
	(void)opaque;
	struct span wanted = span_of(name, len);
	if (span_is(wanted, "nobody"))
		return -1;
	if (!span_is(wanted, "rsa") && !span_is(wanted, "ecdsa"))
		return 0;
	struct identity *identity = &identities[wanted.len == 5];
	return mbedtls_ssl_set_hs_own_cert(ssl, &identity->certificate, &identity->key);
}

void rig_mbedtls_names(mbedtls_ssl_config *conf)
{
	mbedtls_ssl_conf_sni(conf, choose_certificate, NULL);
}
