/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <strings.h>

#include "crypto/x509.h"
#include "crypto/x509_parts.h"

/* GeneralName's tags (RFC 5280 4.2.1.6). */
enum { SAN_DNS_NAME = 0x82, SAN_IP_ADDRESS = 0x87 };

/* What a certificate must be for: a host name, or an address of `address_len` bytes. */
struct wanted {
	struct span name;
	uint8_t address[16];
	size_t address_len;
};

static struct wanted wanted_from(const char *name)
{
	struct wanted wanted = { .name = span_text(name) };
	if (inet_pton(AF_INET, name, wanted.address) == 1)
		wanted.address_len = 4;
	else if (inet_pton(AF_INET6, name, wanted.address) == 1)
		wanted.address_len = 16;
	return wanted;
}

static bool equal_fold(struct span a, struct span b)
{
	return a.len == b.len && a.len > 0 &&
	       strncasecmp((const char *)a.at, (const char *)b.at, a.len) == 0;
}

/* A zero byte inside a presented name is an attack (CVE-2009-4034): it matches nothing. */
static bool name_fits(struct span pattern, struct span name)
{
	if (memchr(pattern.at ? pattern.at : (const uint8_t *)"", 0, pattern.len))
		return false;
	if (equal_fold(pattern, name))
		return true;
	if (pattern.len < 3 || memcmp(pattern.at, "*.", 2) != 0)
		return false;
	const uint8_t *dot = memchr(name.at, '.', name.len);
	if (!dot || dot == name.at)
		return false;
	return equal_fold(span_skip(pattern, 1), span_skip(name, (size_t)(dot - name.at)));
}

static bool common_name_fits(const struct x509_parts *parts, const struct wanted *wanted)
{
	struct span name = name_common_name(parts->subject);
	/* An address may stand in a common name, but no wildcard stands for one. */
	return wanted->address_len ? equal_fold(name, wanted->name) : name_fits(name, wanted->name);
}

bool x509_name_matches(struct span der, const char *name)
{
	struct x509_parts parts;
	if (!name || x509_parts_read(&parts, der) != FAULT_NONE)
		return false;
	struct wanted wanted = wanted_from(name);
	struct cursor extension = cursor_over(x509_extension(&parts, OID_SUBJECT_ALT_NAME));
	struct cursor names = der_enter(&extension, DER_SEQUENCE);
	bool named = false;
	while (cursor_left(&names)) {
		uint8_t tag;
		struct span value = der_any(&names, &tag);
		if (!cursor_ok(&names) ||
		    tag != (wanted.address_len ? SAN_IP_ADDRESS : SAN_DNS_NAME))
			continue;
		named = true;
		if (wanted.address_len
			    ? span_equal(value, span_of(wanted.address, wanted.address_len))
			    : name_fits(value, wanted.name))
			return true;
	}
	return !named && common_name_fits(&parts, &wanted);
}
