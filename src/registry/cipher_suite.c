/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#include <assert.h>
#include <stdio.h>

const struct cipher_suite cipher_suites[] = {
#define SUITE(code_, name_, openssl_, gnutls_, mbedtls_, min_, max_, kx_, auth_, cipher_, mac_,    \
	      recommended_, registered_)                                                           \
	{ .code = (code_),                                                                         \
	  .name = (name_),                                                                         \
	  .openssl = (openssl_),                                                                   \
	  .gnutls = (gnutls_),                                                                     \
	  .mbedtls = (mbedtls_),                                                                   \
	  .min = (min_),                                                                           \
	  .max = (max_),                                                                           \
	  .kx = KX_##kx_,                                                                          \
	  .auth = AUTH_##auth_,                                                                    \
	  .cipher = (cipher_),                                                                     \
	  .mac = (mac_),                                                                           \
	  .recommended = (recommended_),                                                           \
	  .registered = (registered_) },
#include "registry/cipher_suites.def"
#undef SUITE
};
const size_t cipher_suites_len = sizeof(cipher_suites) / sizeof(cipher_suites[0]);

const struct cipher_suite *cipher_suite_by_code(uint16_t code)
{
	size_t low = 0, high = cipher_suites_len;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cipher_suites[middle].code < code)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == cipher_suites_len || cipher_suites[low].code != code)
		return NULL;
	return &cipher_suites[low];
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The label of an unregistered suite, "0xFFE0"; a registered one has a name to be called by. */
static const struct cipher_suite *by_label(struct span label)
{
	if (label.len != 6 || memcmp(label.at, "0x", 2) != 0)
		return NULL;
	unsigned code = 0;
	for (size_t i = 2; i < label.len; i++) {
		int digit = hex_digit(label.at[i]);
		if (digit < 0)
			return NULL;
		code = code << 4 | (unsigned)digit;
	}
	const struct cipher_suite *suite = cipher_suite_by_code((uint16_t)code);
	return suite != NULL && !suite->registered ? suite : NULL;
}

const struct cipher_suite *cipher_suite_by_name(struct span name)
{
	for (size_t i = 0; i < cipher_suites_len; i++)
		if (span_is(name, cipher_suites[i].name))
			return &cipher_suites[i];
	return by_label(name);
}

const struct cipher_suite *cipher_suite_by_openssl_name(struct span name)
{
	for (size_t i = 0; i < cipher_suites_len; i++)
		if (cipher_suites[i].openssl != NULL && span_is(name, cipher_suites[i].openssl))
			return &cipher_suites[i];
	return NULL;
}

void cipher_suite_label(char *out, uint16_t code)
{
	const struct cipher_suite *suite = cipher_suite_by_code(code);
	if (suite != NULL && suite->registered)
		snprintf(out, CIPHER_SUITE_LABEL_MAX, "%s", suite->name);
	else
		snprintf(out, CIPHER_SUITE_LABEL_MAX, "0x%04X", (unsigned)code);
}

bool cipher_suite_in(const struct cipher_suite *suite, enum version version)
{
	return !cipher_suite_is_signal(suite->code) && suite->min <= version &&
	       version <= suite->max;
}

bool cipher_suite_is_signal(uint16_t code)
{
	return code == SUITE_EMPTY_RENEGOTIATION_INFO_SCSV || code == SUITE_FALLBACK_SCSV;
}

bool cipher_suite_is_aead(const struct cipher_suite *suite)
{
	return strcmp(suite->mac, "AEAD") == 0;
}

bool cipher_suite_is_cbc(const struct cipher_suite *suite)
{
	return strstr(suite->cipher, "_CBC") != NULL;
}

bool cipher_suite_is_forward_secret(const struct cipher_suite *suite)
{
	switch (suite->kx) {
	case KX_DHE:
	case KX_DHE_EXPORT:
	case KX_ECDHE:
	case KX_TLS13:
		return true;
	case KX_DH:
	case KX_DH_EXPORT:
	case KX_ECDH:
		/* Anonymous exchanges send fresh parameters (RFC 5246 F.1.1.1, RFC 8422 2.3). */
		return suite->auth == AUTH_ANON;
	default:
		return false;
	}
}

const char *kx_name(enum kx kx)
{
	static const char *const names[] = {
		[KX_NONE] = "NONE",	[KX_NULL] = "NULL",
		[KX_RSA] = "RSA",	[KX_RSA_EXPORT] = "RSA_EXPORT",
		[KX_DH] = "DH",		[KX_DH_EXPORT] = "DH_EXPORT",
		[KX_DHE] = "DHE",	[KX_DHE_EXPORT] = "DHE_EXPORT",
		[KX_ECDH] = "ECDH",	[KX_ECDHE] = "ECDHE",
		[KX_KRB5] = "KRB5",	[KX_KRB5_EXPORT] = "KRB5_EXPORT",
		[KX_PSK] = "PSK",	[KX_SRP] = "SRP",
		[KX_ECCPWD] = "ECCPWD", [KX_GOST] = "GOST",
		[KX_TLS13] = "TLS13",
	};
	assert((size_t)kx < sizeof(names) / sizeof(names[0]));
	return names[kx];
}

const char *auth_name(enum auth auth)
{
	static const char *const names[] = {
		[AUTH_NONE] = "NONE",	  [AUTH_NULL] = "NULL",	  [AUTH_RSA] = "RSA",
		[AUTH_DSS] = "DSS",	  [AUTH_ECDSA] = "ECDSA", [AUTH_ANON] = "ANON",
		[AUTH_PSK] = "PSK",	  [AUTH_KRB5] = "KRB5",	  [AUTH_SRP] = "SRP",
		[AUTH_ECCPWD] = "ECCPWD", [AUTH_GOST] = "GOST",	  [AUTH_TLS13] = "TLS13",
	};
	assert((size_t)auth < sizeof(names) / sizeof(names[0]));
	return names[auth];
}
