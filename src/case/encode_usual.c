/* SPDX-License-Identifier: Apache-2.0 */
#include "case/encode_internal.h"
#include "registry/registry.h"

#define BODY(literal)                                                                              \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

/* Names of 32 bytes of identity and binder, as long as those of SHA-256. */
#define ZEROS_16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define PSK_IDENTITY                                                                               \
	"\x00\x0a\x00\x04"                                                                         \
	"test\x00\x00\x00\x00"
#define PSK_BINDER "\x00\x21\x20" ZEROS_16 ZEROS_16

/* What a client that offers the extension without anything special sends; sorted by type. */
static const struct {
	uint16_t type;
	struct span body;
} usual[] = {
	{ EXT_MAX_FRAGMENT_LENGTH, BODY("\x01") },
	{ 3 /* trusted_ca_keys */, BODY("\x00\x00") },
	{ EXT_STATUS_REQUEST, BODY("\x01\x00\x00\x00\x00") },
	{ 14 /* use_srtp */, BODY("\x00\x02\x00\x01\x00") },
	{ EXT_HEARTBEAT, BODY("\x01") },
	{ 17 /* status_request_v2 */, BODY("\x00\x07\x02\x00\x04\x00\x00\x00\x00") },
	{ 19 /* client_certificate_type */, BODY("\x01\x00") },
	{ 20 /* server_certificate_type */, BODY("\x01\x00") },
	{ 24 /* token_binding */, BODY("\x01\x00\x01\x02") },
	{ EXT_COMPRESS_CERTIFICATE, BODY("\x02\x00\x01") },
	{ EXT_RECORD_SIZE_LIMIT, BODY("\x40\x01") },
	{ 34 /* delegated_credentials */, BODY("\x00\x04\x04\x03\x08\x04") },
	{ EXT_PRE_SHARED_KEY, BODY(PSK_IDENTITY PSK_BINDER) },
	{ EXT_COOKIE, BODY("\x00\x04\x00\x01\x02\x03") },
	{ EXT_CERTIFICATE_AUTHORITIES, BODY("\x00\x04\x00\x02\x30\x00") },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, BODY("\x00\x06\x04\x03\x08\x04\x04\x01") },
	{ 54 /* connection_id */, BODY("\x00") },
	{ 58 /* ticket_request */, BODY("\x01\x01") },
};

static struct span wrapped(struct encoder *e, const char *text, size_t head_len,
			   const uint8_t *head)
{
	return span_join(e, span_of(head, head_len), span_text(text));
}

/* RFC 6066 3: a list of one host_name. */
struct span server_name_body(struct encoder *e, const char *name)
{
	size_t len = strlen(name);
	uint8_t head[] = { (uint8_t)((len + 3) >> 8), (uint8_t)(len + 3), 0, (uint8_t)(len >> 8),
			   (uint8_t)len };
	return wrapped(e, name, sizeof(head), head);
}

/* RFC 7301 3.1: a list of one protocol. */
struct span alpn_body(struct encoder *e, const char *protocol)
{
	size_t len = strlen(protocol);
	uint8_t head[] = { (uint8_t)((len + 1) >> 8), (uint8_t)(len + 1), (uint8_t)len };
	return wrapped(e, protocol, sizeof(head), head);
}

static struct span version_body(struct encoder *e)
{
	uint16_t code = version_code(e->setting->version);
	uint8_t body[] = { 2, (uint8_t)(code >> 8), (uint8_t)code };
	return arena_copy(e->scratch, span_of(body, sizeof(body)));
}

static struct span any_base_body(enum version version, uint16_t type)
{
	struct span body = base_body(version, type);
	for (int v = TLS1_3; v >= TLS1_0 && !body.at; v--)
		body = base_body((enum version)v, type);
	return body;
}

struct span usual_body(struct encoder *e, uint16_t type)
{
	const struct case_setting *setting = e->setting;
	if (type == EXT_SERVER_NAME)
		return server_name_body(e,
					setting->server_name ? setting->server_name : "localhost");
	if (type == EXT_ALPN)
		return alpn_body(e, setting->alpn ? setting->alpn : "http/1.1");
	if (type == EXT_SUPPORTED_VERSIONS)
		return version_body(e);
	struct span body = any_base_body(setting->version, type);
	for (size_t i = 0; !body.at && i < sizeof(usual) / sizeof(usual[0]); i++)
		body = usual[i].type == type ? usual[i].body : body;
	return body.at ? body : span_of("", 0);
}
