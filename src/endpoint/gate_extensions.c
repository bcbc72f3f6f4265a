/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/gate_extensions.h"
#include "registry/registry.h"

#define EXT_TRUSTED_CA_KEYS	      3
#define EXT_TRUNCATED_HMAC	      4
#define EXT_USE_SRTP		      14
#define EXT_CLIENT_CERTIFICATE_TYPE   19
#define EXT_SERVER_CERTIFICATE_TYPE   20
#define CERTIFICATE_TYPE_X509	      0
#define STATUS_TYPE_OCSP	      1
#define SHA1_LEN		      20
#define ALERT_UNSUPPORTED_CERTIFICATE 43

/* RFC 7250 3: a list of types; we have X.509 certificates only (4.2). */
static uint8_t certificate_types_judge(struct span body, bool ours)
{
	struct cursor c = cursor_over(body);
	struct span types = cursor_vec8(&c);
	if (!cursor_done(&c) || !types.len)
		return ALERT_DECODE_ERROR;
	bool x509 = memchr(types.at, CERTIFICATE_TYPE_X509, types.len) != NULL;
	return ours && !x509 ? ALERT_UNSUPPORTED_CERTIFICATE : 0;
}

/* RFC 6066 6 */
static bool authority_read(struct cursor *list)
{
	switch (cursor_u8(list)) {
	case 0: /* pre_agreed */
		break;
	case 1: /* key_sha1_hash */
	case 3: /* cert_sha1_hash */
		cursor_take(list, SHA1_LEN);
		break;
	case 2: /* x509_name */
		if (!cursor_vec16(list).len)
			return false;
		break;
	default:
		return false;
	}
	return cursor_ok(list);
}

static uint8_t trusted_ca_keys_judge(struct span body)
{
	struct cursor c = cursor_over(body);
	struct cursor list = cursor_over(cursor_vec16(&c));
	bool good = cursor_done(&c);
	while (good && cursor_left(&list))
		good = authority_read(&list);
	return good ? 0 : ALERT_DECODE_ERROR;
}

/* One DER value that fills the bytes, by its tag and length (X.690 8.1.3, 10.1). */
static bool is_der(struct span bytes)
{
	struct cursor c = cursor_over(bytes);
	cursor_u8(&c);
	size_t len = cursor_u8(&c);
	if (len == 0x81)
		len = cursor_u8(&c);
	else if (len == 0x82)
		len = cursor_u16(&c);
	else if (len >= 0x80)
		return false;
	return cursor_ok(&c) && cursor_left(&c) == len;
}

/* RFC 6066 8: ResponderID and Extensions are DER. */
static uint8_t status_request_judge(struct span body)
{
	struct cursor c = cursor_over(body);
	if (cursor_u8(&c) != STATUS_TYPE_OCSP)
		return 0;
	struct cursor responders = cursor_over(cursor_vec16(&c));
	struct span extensions = cursor_vec16(&c);
	bool good = !extensions.len || is_der(extensions);
	while (good && cursor_left(&responders))
		good = is_der(cursor_vec16(&responders));
	return good ? 0 : ALERT_DECODE_ERROR;
}

/* RFC 5764 4.1.1: profiles of two bytes, and a master key identifier. */
static uint8_t use_srtp_judge(struct span body)
{
	struct cursor c = cursor_over(body);
	struct span profiles = cursor_vec16(&c);
	cursor_vec8(&c);
	return cursor_done(&c) && profiles.len && profiles.len % 2 == 0 ? 0 : ALERT_DECODE_ERROR;
}

static uint8_t extension_judge(const struct extension_item *item, enum defect defect)
{
	switch (item->type) {
	case EXT_TRUSTED_CA_KEYS:
		return trusted_ca_keys_judge(item->data);
	case EXT_TRUNCATED_HMAC:
		return item->data.len ? ALERT_DECODE_ERROR : 0;
	case EXT_USE_SRTP:
		return use_srtp_judge(item->data);
	case EXT_STATUS_REQUEST:
		return defect == DEFECT_IGNORES_BODY_STATUS_REQUEST
			       ? 0
			       : status_request_judge(item->data);
	case EXT_CLIENT_CERTIFICATE_TYPE:
	case EXT_SERVER_CERTIFICATE_TYPE:
		return defect == DEFECT_IGNORES_CERTIFICATE_TYPE
			       ? 0
			       : certificate_types_judge(item->data,
							 item->type == EXT_SERVER_CERTIFICATE_TYPE);
	default:
		return 0;
	}
}

uint8_t gate_extensions_judge(const struct client_hello *hello, enum defect defect)
{
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	uint8_t alert = 0;
	while (!alert && extension_next(&block, &item))
		alert = extension_judge(&item, defect);
	return alert;
}
