/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/md.h>
#include <mbedtls/oid.h>

#include "base/hex.h"
#include "base/text.h"
#include "crypto/x509.h"
#include "crypto/x509_parts.h"

/* An object identifier's contents, what it is called, and the key's size where it fixes one. */
struct oid_name {
	const char *oid;
	size_t len;
	const char *name;
	uint32_t bits;
};
#define OID(bytes, name, bits)                                                                     \
	{                                                                                          \
		bytes, sizeof bytes - 1, name, bits                                                \
	}

static const struct oid_name key_types[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01", "rsa", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "rsa", 0), /* restricted to RSASSA-PSS */
	OID("\x2a\x86\x48\xce\x3d\x02\x01", "ecdsa", 0),
	OID("\x2a\x86\x48\xce\x38\x04\x01", "dsa", 0),
	OID("\x2b\x65\x70", "ed25519", 256),
	OID("\x2b\x65\x71", "ed448", 456),
};

static const struct oid_name curves[] = {
	OID("\x2a\x86\x48\xce\x3d\x03\x01\x01", "secp192r1", 192),
	OID("\x2b\x81\x04\x00\x21", "secp224r1", 224),
	OID("\x2a\x86\x48\xce\x3d\x03\x01\x07", "secp256r1", 256),
	OID("\x2b\x81\x04\x00\x22", "secp384r1", 384),
	OID("\x2b\x81\x04\x00\x23", "secp521r1", 521),
	OID("\x2b\x81\x04\x00\x0a", "secp256k1", 256),
	OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x07", "brainpoolP256r1", 256),
	OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x0b", "brainpoolP384r1", 384),
	OID("\x2b\x24\x03\x03\x02\x08\x01\x01\x0d", "brainpoolP512r1", 512),
};

static const struct oid_name signatures[] = {
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "RSA with MD5", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "RSA with SHA-1", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0e", "RSA with SHA-224", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "RSA with SHA-256", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "RSA with SHA-384", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "RSA with SHA-512", 0),
	OID("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSASSA-PSS", 0),
	OID("\x2a\x86\x48\xce\x3d\x04\x01", "ECDSA with SHA-1", 0),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x01", "ECDSA with SHA-224", 0),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x02", "ECDSA with SHA-256", 0),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x03", "ECDSA with SHA-384", 0),
	OID("\x2a\x86\x48\xce\x3d\x04\x03\x04", "ECDSA with SHA-512", 0),
	OID("\x2a\x86\x48\xce\x38\x04\x03", "DSA with SHA-1", 0),
	OID("\x60\x86\x48\x01\x65\x03\x04\x03\x02", "DSA with SHA-256", 0),
	OID("\x2b\x65\x70", "Ed25519", 0),
	OID("\x2b\x65\x71", "Ed448", 0),
};

#define LEN(array) (sizeof array / sizeof array[0])

static const struct oid_name *oid_find(const struct oid_name *names, size_t len, struct span oid)
{
	for (size_t i = 0; i < len; i++)
		if (span_equal(span_of(names[i].oid, names[i].len), oid))
			return &names[i];
	return NULL;
}

/* The modulus of an RSA key, the prime of a DSA key: the first INTEGER of a SEQUENCE. */
static uint32_t first_integer_bits(struct span sequence)
{
	struct cursor outer = cursor_over(sequence);
	struct cursor inner = der_enter(&outer, DER_SEQUENCE);
	return der_bits(der_take(&inner, DER_INTEGER));
}

static uint32_t key_bits(const struct x509_parts *parts, const struct oid_name *type)
{
	if (!type || type->bits)
		return type ? type->bits : 0;
	if (strcmp(type->name, "rsa") == 0)
		return first_integer_bits(parts->key);
	if (strcmp(type->name, "dsa") == 0)
		return first_integer_bits(parts->key_parameters);
	struct cursor parameters = cursor_over(parts->key_parameters);
	const struct oid_name *curve =
		oid_find(curves, LEN(curves), der_take(&parameters, DER_OID));
	return curve ? curve->bits : 0;
}

static const char *text_kept(struct arena *arena, struct text *text)
{
	const char *kept = arena_text(arena, span_text(text_view(text)));
	if (text->fault != FAULT_NONE)
		kept = NULL;
	text_release(text);
	return kept;
}

static const char *value_shown(struct arena *arena, struct span value)
{
	struct text text;
	text_init(&text);
	text_quote(&text, value);
	return text_kept(arena, &text);
}

static const char *name_shown(struct arena *arena, struct span name)
{
	struct text text;
	text_init(&text);
	struct cursor c = cursor_over(name);
	struct span oid, value;
	while (name_next(&c, &oid, &value)) {
		const char *label = NULL;
		mbedtls_asn1_buf buf = { .tag = DER_OID, .len = oid.len };
		/* The structure wants a pointer to mutable bytes and never writes to them. */
		memcpy(&buf.p, &oid.at, sizeof buf.p);
		if (mbedtls_oid_get_attr_short_name(&buf, &label) != 0)
			label = "?";
		text_printf(&text, "%s%s=", text.len ? ", " : "", label);
		text_quote(&text, value);
	}
	return text_kept(arena, &text);
}

enum fault x509_facts(struct certificate_facts *out, struct arena *arena, struct span der)
{
	*out = (struct certificate_facts){ 0 };
	struct x509_parts parts;
	enum fault fault = x509_parts_read(&parts, der);
	if (fault != FAULT_NONE)
		return fault;
	out->subject = name_shown(arena, parts.subject);
	out->issuer = name_shown(arena, parts.issuer);
	out->common_name = value_shown(arena, name_common_name(parts.subject));
	out->issuer_common_name = value_shown(arena, name_common_name(parts.issuer));
	uint8_t digest[32];
	if (mbedtls_md(mbedtls_md_info_from_type(MBEDTLS_MD_SHA256), der.at, der.len, digest) != 0)
		return FAULT_CRYPTO;
	hex_encode(out->sha256, span_of(digest, sizeof digest));

	const struct oid_name *key = oid_find(key_types, LEN(key_types), parts.key_algorithm);
	const struct oid_name *signature =
		oid_find(signatures, LEN(signatures), parts.signature_algorithm);
	out->key_type = key ? key->name : "unknown";
	out->key_bits = key_bits(&parts, key);
	out->signature = signature ? signature->name : "unknown";
	out->not_before = parts.not_before;
	out->not_after = parts.not_after;
	out->self_signed = span_equal(parts.subject, parts.issuer);
	bool kept = out->subject && out->issuer && out->common_name && out->issuer_common_name;
	return kept ? FAULT_NONE : FAULT_NO_MEMORY;
}
