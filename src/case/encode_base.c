/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>

#include "case/encode_internal.h"
#include "registry/registry.h"

#define BYTES(literal)                                                                             \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

struct base_extension {
	uint16_t type;
	struct span body;
};

/* One version's hello; the list of extensions ends with an absent body. */
struct base {
	uint16_t version;
	struct span session_id, suites;
	bool has_extensions;
	struct base_extension extensions[8];
};

#define RANDOM                                                                                     \
	"\xa1\xa1\xa1\xa1\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"         \
	"\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b"

/* x25519, secp256r1, secp384r1; uncompressed points; no earlier handshake. */
#define GROUPS                                                                                     \
	{                                                                                          \
		EXT_SUPPORTED_GROUPS, BYTES("\x00\x06\x00\x1d\x00\x17\x00\x18")                    \
	}
#define POINTS                                                                                     \
	{                                                                                          \
		EXT_EC_POINT_FORMATS, BYTES("\x01\x00")                                            \
	}
#define RENEGOTIATION                                                                              \
	{                                                                                          \
		EXT_RENEGOTIATION_INFO, BYTES("\x00")                                              \
	}

/* ECDSA, PSS and PKCS #1 with SHA-256, then SHA-384, then SHA-512; last PKCS #1 with SHA-1. */
#define SCHEMES                                                                                    \
	{                                                                                          \
		EXT_SIGNATURE_ALGORITHMS,                                                          \
			BYTES("\x00\x14\x04\x03\x08\x04\x04\x01\x05\x03\x08\x05\x05\x01"           \
			      "\x08\x06\x06\x01\x02\x01\x02\x03")                                  \
	}

/* The x25519 share is the one of group_share: RFC 7748 6.1, Alice. */
#define SHARE                                                                                      \
	{                                                                                          \
		EXT_KEY_SHARE,                                                                     \
			BYTES("\x00\x24\x00\x1d\x00\x20"                                           \
			      "\x85\x20\xf0\x09\x89\x30\xa7\x54\x74\x8b\x7d\xdc\xb4\x3e\xf7\x5a"   \
			      "\x0d\xbf\x3a\x0d\x26\x38\x1a\xf4\xeb\xa4\xa9\x8e\xaa\x9b\x4e\x6a")  \
	}

#define CBC_SUITES "\xc0\x13\xc0\x14\x00\x33\x00\x39\x00\x2f\x00\x35"

static const struct base bases[VERSIONS_LEN] = {
	[SSLV3] = { 0x0300, BYTES(""), BYTES(CBC_SUITES "\x00\x0a\x00\xff"), false, { { 0 } } },
	[TLS1_0] = { 0x0301,
		     BYTES(""),
		     BYTES(CBC_SUITES),
		     true,
		     { GROUPS, POINTS, RENEGOTIATION } },
	[TLS1_1] = { 0x0302,
		     BYTES(""),
		     BYTES(CBC_SUITES),
		     true,
		     { GROUPS, POINTS, RENEGOTIATION } },
	[TLS1_2] = { 0x0303,
		     BYTES(""),
		     BYTES("\xc0\x2f\xc0\x30\xc0\x2b\xc0\x2c\xc0\x27\xc0\x28\xc0\x13\xc0\x14"
			   "\x00\x9c\x00\x9d\x00\x3c\x00\x2f\x00\x35"),
		     true,
		     { GROUPS,
		       POINTS,
		       SCHEMES,
		       { EXT_EXTENDED_MASTER_SECRET, BYTES("") },
		       RENEGOTIATION } },
	[TLS1_3] = { 0x0303,
		     BYTES("@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"),
		     BYTES("\x13\x01\x13\x02\x13\x03"),
		     true,
		     { { EXT_SUPPORTED_VERSIONS, BYTES("\x02\x03\x04") },
		       SHARE,
		       GROUPS,
		       SCHEMES,
		       { EXT_PSK_KEY_EXCHANGE_MODES, BYTES("\x01\x01") } } },
};

/* An SSLv2 hello has another form; a ClientHello asked for all the same is SSLv3's. */
static const struct base *base_of(enum version version)
{
	assert(version < VERSIONS_LEN);
	return &bases[version == SSLV2 ? SSLV3 : version];
}

struct span base_body(enum version version, uint16_t type)
{
	const struct base_extension *extension = base_of(version)->extensions;
	for (; extension->body.at; extension++) {
		if (extension->type == type)
			return extension->body;
	}
	return span_of(NULL, 0);
}

static void add(struct encoder *e, struct hello *out, uint16_t type, struct span body)
{
	struct hello_extension extension = { .type = type, .body.bytes = body };
	hello_insert(e, out, out->extensions_len, extension);
}

void hello_base(struct encoder *e, struct hello *out)
{
	const struct base *base = base_of(e->setting->version);
	*out = (struct hello){
		.version = base->version,
		.random = span_of(RANDOM, RANDOM_LEN),
		.session_id.bytes = base->session_id,
		.suites.bytes = base->suites,
		.compression.bytes = span_of("", 1),
	};
	if (!base->has_extensions)
		return;
	out->has_extensions = true;
	if (e->setting->server_name)
		add(e, out, EXT_SERVER_NAME, server_name_body(e, e->setting->server_name));
	for (const struct base_extension *x = base->extensions; x->body.at; x++)
		add(e, out, x->type, x->body);
	if (e->setting->alpn)
		add(e, out, EXT_ALPN, alpn_body(e, e->setting->alpn));
}
