/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509_parts.h"

int32_t days_of(int32_t year, int32_t month, int32_t day)
{
	/* Years that begin in March put the leap day at their end. */
	if (month <= 2) {
		year--;
		month += 12;
	}
	return 365 * year + year / 4 - year / 100 + year / 400 + (153 * (month - 3) + 2) / 5 + day -
	       1 - 719468;
}

static int32_t digits(struct cursor *c, size_t len)
{
	int32_t value = 0;
	struct span text = cursor_take(c, len);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] < '0' || text.at[i] > '9')
			cursor_fail(c);
		value = value * 10 + (text.at[i] - '0');
	}
	return value;
}

/* RFC 5280 4.1.2.5: two-digit years from 50 are of the twentieth century. */
static int32_t time_days(struct cursor *c)
{
	uint8_t tag;
	struct cursor text = cursor_over(der_any(c, &tag));
	int32_t year = digits(&text, tag == DER_GENERALIZED_TIME ? 4 : 2);
	if (tag == DER_UTC_TIME)
		year += year < 50 ? 2000 : 1900;
	int32_t month = digits(&text, 2), day = digits(&text, 2);
	bool known = tag == DER_UTC_TIME || tag == DER_GENERALIZED_TIME;
	if (!known || !cursor_ok(&text) || month < 1 || month > 12 || day < 1 || day > 31) {
		cursor_fail(c);
		return 0;
	}
	return days_of(year, month, day);
}

static void key_read(struct x509_parts *out, struct cursor *tbs)
{
	struct cursor info = der_enter(tbs, DER_SEQUENCE);
	struct cursor algorithm = der_enter(&info, DER_SEQUENCE);
	out->key_algorithm = der_take(&algorithm, DER_OID);
	out->key_parameters = cursor_rest(&algorithm);
	out->key = span_skip(der_take(&info, DER_BIT_STRING), 1);
	if (!cursor_ok(&algorithm) || !cursor_done(&info))
		cursor_fail(tbs);
}

static void extensions_read(struct x509_parts *out, struct cursor *tbs)
{
	der_skip(tbs, 0x81);
	der_skip(tbs, 0x82);
	der_skip(tbs, 0xA1);
	der_skip(tbs, 0xA2);
	if (der_peek(tbs) != 0xA3)
		return;
	struct cursor wrapped = der_enter(tbs, 0xA3);
	out->extensions = der_take(&wrapped, DER_SEQUENCE);
	if (!cursor_done(&wrapped))
		cursor_fail(tbs);
}

enum fault x509_parts_read(struct x509_parts *out, struct span der)
{
	*out = (struct x509_parts){ 0 };
	struct cursor file = cursor_over(der);
	struct cursor certificate = der_enter(&file, DER_SEQUENCE);
	struct cursor tbs = der_enter(&certificate, DER_SEQUENCE);
	der_skip(&tbs, 0xA0);
	der_take(&tbs, DER_INTEGER);
	der_take(&tbs, DER_SEQUENCE);
	out->issuer = der_take(&tbs, DER_SEQUENCE);
	struct cursor validity = der_enter(&tbs, DER_SEQUENCE);
	out->not_before = time_days(&validity);
	out->not_after = time_days(&validity);
	out->subject = der_take(&tbs, DER_SEQUENCE);
	key_read(out, &tbs);
	extensions_read(out, &tbs);
	struct cursor algorithm = der_enter(&certificate, DER_SEQUENCE);
	out->signature_algorithm = der_take(&algorithm, DER_OID);
	der_take(&certificate, DER_BIT_STRING);
	bool whole = cursor_done(&file) && cursor_done(&certificate) && cursor_done(&tbs) &&
		     cursor_done(&validity) && cursor_ok(&algorithm);
	return whole ? FAULT_NONE : FAULT_MALFORMED;
}

bool name_next(struct cursor *name, struct span *oid, struct span *value)
{
	/* The attributes of a multi-valued RDN follow each other: step over the SET's header. */
	if (der_peek(name) == DER_SET) {
		struct cursor set = *name;
		size_t len = der_take(&set, DER_SET).len;
		if (!cursor_ok(&set) || !len)
			return false;
		name->at = set.at - len;
	}
	if (!cursor_left(name))
		return false;
	struct cursor pair = der_enter(name, DER_SEQUENCE);
	uint8_t tag;
	*oid = der_take(&pair, DER_OID);
	*value = der_any(&pair, &tag);
	return cursor_ok(&pair);
}

struct span name_common_name(struct span name)
{
	struct cursor c = cursor_over(name);
	struct span oid, value;
	while (name_next(&c, &oid, &value))
		if (span_equal(oid, OID_COMMON_NAME))
			return value;
	return span_of(NULL, 0);
}

struct span x509_extension(const struct x509_parts *parts, struct span oid)
{
	struct cursor list = cursor_over(parts->extensions);
	while (cursor_left(&list)) {
		struct cursor extension = der_enter(&list, DER_SEQUENCE);
		struct span found = der_take(&extension, DER_OID);
		der_skip(&extension, DER_BOOLEAN);
		struct span contents = der_take(&extension, DER_OCTET_STRING);
		if (cursor_done(&extension) && span_equal(found, oid))
			return contents;
	}
	return span_of(NULL, 0);
}
