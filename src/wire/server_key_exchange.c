/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/server_key_exchange.h"

#include "registry/registry.h"
#include "wire/handshake.h"

#define CURVE_TYPE_NAMED 3

/* PARAMS_NOTHING: a suite whose key exchange sends no ServerKeyExchange, or one not known here. */
enum params { PARAMS_NOTHING, PARAMS_EMPTY, PARAMS_RSA, PARAMS_DH, PARAMS_EC };

struct form {
	enum params params;
	bool hint, is_signed;
};

static enum params params_of(const struct cipher_suite *suite)
{
	bool psk = suite->auth == AUTH_PSK, anon = suite->auth == AUTH_ANON;
	switch (suite->kx) {
	case KX_DHE:
	case KX_DHE_EXPORT:
		return PARAMS_DH;
	case KX_DH:
	case KX_DH_EXPORT:
		return anon ? PARAMS_DH : PARAMS_NOTHING;
	case KX_ECDHE:
		return PARAMS_EC;
	case KX_ECDH:
		return anon ? PARAMS_EC : PARAMS_NOTHING;
	case KX_RSA_EXPORT:
		return PARAMS_RSA;
	case KX_PSK:
		return PARAMS_EMPTY;
	case KX_RSA:
		return psk ? PARAMS_EMPTY : PARAMS_NOTHING;
	default:
		return PARAMS_NOTHING;
	}
}

static struct form form_of(const struct cipher_suite *suite)
{
	bool psk = suite->auth == AUTH_PSK || suite->kx == KX_PSK;
	return (struct form){
		.params = params_of(suite),
		.hint = psk,
		.is_signed = !psk && suite->auth != AUTH_ANON,
	};
}

static bool read_rsa(struct server_key_exchange *out, struct cursor *body)
{
	out->rsa_modulus = cursor_vec16(body);
	out->rsa_exponent = cursor_vec16(body);
	return out->rsa_modulus.len && out->rsa_exponent.len;
}

static bool read_dh(struct server_key_exchange *out, struct cursor *body)
{
	out->dh_p = cursor_vec16(body);
	out->dh_g = cursor_vec16(body);
	out->dh_public = cursor_vec16(body);
	return out->dh_p.len && out->dh_g.len && out->dh_public.len;
}

static bool read_ec(struct server_key_exchange *out, struct cursor *body)
{
	out->group = cursor_u16(body);
	out->ec_public = cursor_vec8(body);
	return out->ec_public.len > 0;
}

static enum fault read_params(struct server_key_exchange *out, struct cursor *body,
			      enum params params)
{
	size_t start = body->at;
	bool whole = true;
	if (params == PARAMS_RSA)
		whole = read_rsa(out, body);
	if (params == PARAMS_DH)
		whole = read_dh(out, body);
	if (params == PARAMS_EC) {
		uint8_t curve_type = cursor_u8(body);
		/* RFC 8422 5.4 deprecates explicit curves: their form is not read. */
		if (cursor_ok(body) && (curve_type == 1 || curve_type == 2))
			return FAULT_UNSUPPORTED;
		whole = read_ec(out, body) && curve_type == CURVE_TYPE_NAMED;
	}
	if (!whole || !cursor_ok(body))
		return FAULT_MALFORMED;
	out->params = span_of(body->base + start, body->at - start);
	return FAULT_NONE;
}

enum fault server_key_exchange_decode(struct server_key_exchange *out, struct cursor body,
				      const struct cipher_suite *suite, enum version version)
{
	struct form form = form_of(suite);
	*out = (struct server_key_exchange){ .group = 0 };
	if (form.params == PARAMS_NOTHING)
		return FAULT_UNSUPPORTED;
	if (form.hint)
		out->psk_hint = cursor_vec16(&body);
	enum fault fault = read_params(out, &body, form.params);
	if (fault != FAULT_NONE)
		return fault;
	if (form.is_signed) {
		if (version >= TLS1_2)
			out->signature_scheme = cursor_u16(&body);
		out->signature = cursor_vec16(&body);
	}
	return cursor_done(&body) ? FAULT_NONE : FAULT_MALFORMED;
}

static void write_vector(struct builder *b, const char *name, uint8_t width, struct span bytes)
{
	struct prefix prefix = builder_open(b, name, width);
	builder_bytes(b, "bytes", bytes);
	builder_close(b, prefix, 0);
}

static void write_params(struct builder *b, const struct server_key_exchange *exchange,
			 enum params params)
{
	size_t field = builder_enter(b, "params");
	if (params == PARAMS_RSA) {
		write_vector(b, "rsa_modulus", 2, exchange->rsa_modulus);
		write_vector(b, "rsa_exponent", 2, exchange->rsa_exponent);
	}
	if (params == PARAMS_DH) {
		write_vector(b, "dh_p", 2, exchange->dh_p);
		write_vector(b, "dh_g", 2, exchange->dh_g);
		write_vector(b, "dh_public", 2, exchange->dh_public);
	}
	if (params == PARAMS_EC) {
		builder_u8(b, "curve_type", CURVE_TYPE_NAMED);
		builder_u16(b, "named_curve", exchange->group);
		write_vector(b, "ec_public", 1, exchange->ec_public);
	}
	builder_leave(b, field);
}

void server_key_exchange_encode(struct builder *b, const struct server_key_exchange *exchange,
				const struct cipher_suite *suite, enum version version)
{
	struct form form = form_of(suite);
	struct handshake_open open =
		handshake_open(b, "server_key_exchange", HANDSHAKE_SERVER_KEY_EXCHANGE);
	if (form.hint)
		write_vector(b, "psk_identity_hint", 2, exchange->psk_hint);
	write_params(b, exchange, form.params);
	if (form.is_signed) {
		if (version >= TLS1_2)
			builder_u16(b, "signature_scheme", exchange->signature_scheme);
		write_vector(b, "signature", 2, exchange->signature);
	}
	handshake_close(b, open, 0);
}
