/* SPDX-License-Identifier: Apache-2.0 */
#include "conditions.h"
#include "endpoint/gate_extensions.h"
#include "registry/registry.h"
#include "registry/version.h"
#include "wire/extension/view.h"

#define EXT_TRUNCATED_HMAC 4
#define COMPRESSIONS_MAX   16
#define HASH_SHA1	   2
#define HASH_SHA512	   6
#define SIGNATURE_RSA	   1
#define SIGNATURE_ECDSA	   3

/* mbedTLS notices a second list of groups because it would lose the memory of the first. */
bool groups_come_once(const struct differ_hello *hello)
{
	unsigned times = 0;
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		times += item.type == EXT_SUPPORTED_GROUPS;
	return times <= 1;
}

bool has_over_16_compressions(const struct differ_hello *hello)
{
	return hello->hello.compression.len > COMPRESSIONS_MAX;
}

bool has_truncated_hmac_body(const struct differ_hello *hello)
{
	return differ_body(hello, EXT_TRUNCATED_HMAC).len > 0;
}

bool fragment_length_is_0(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_MAX_FRAGMENT_LENGTH, "", 1);
}

/* Up to TLS 1.2, which is the highest that mbedTLS 2.28 and our gate know. */
bool lists_another_version(const struct differ_hello *hello)
{
	struct span list = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_VERSIONS);
	uint16_t listed = 0, field = hello->hello.legacy_version;
	for (enum version v = TLS1_0; v <= TLS1_2; v++) {
		if (list_u16_has(list, version_code(v)))
			listed = version_code(v);
	}
	return list.at && listed != (field > version_code(TLS1_2) ? version_code(TLS1_2) : field);
}

bool lists_tls13(const struct differ_hello *hello)
{
	struct span list = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_VERSIONS);
	return list_u16_has(list, version_code(TLS1_3));
}

bool version_is_4_0(const struct differ_hello *hello)
{
	uint16_t version = hello->hello.legacy_version;
	return version >> 8 > 3 && (version & 0xFF) == 0;
}

bool has_body_that_only_the_gate_reads(const struct differ_hello *hello)
{
	return gate_extensions_judge(&hello->hello, DEFECT_NONE) != 0;
}

bool lacks_uncompressed_points(const struct differ_hello *hello)
{
	struct span formats = client_hello_view(&hello->hello, EXTENSION_EC_POINT_FORMATS);
	return formats.len && !memchr(formats.at, 0, formats.len);
}

/* RFC 7919 4: groups 0x0100 to 0x01FF; 0x0100 is ours. */
bool names_only_unknown_ffdhe_groups(const struct differ_hello *hello)
{
	struct span groups = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
	bool named = false;
	for (size_t i = 0; i < list_u16_len(groups); i++)
		named = named || group_is_ffdhe(list_u16(groups, i));
	return named && !list_u16_has(groups, 0x0100);
}

/* What is listed for RSA, or for ECDSA, is SHA-1 (`sha1`) or nothing, and no better hash. */
static bool lists_none_for(struct span schemes, uint16_t signature, bool sha1)
{
	for (uint16_t hash = HASH_SHA1 + 1; hash <= HASH_SHA512; hash++) {
		if (list_u16_has(schemes, (uint16_t)(hash << 8 | signature)))
			return false;
	}
	return list_u16_has(schemes, HASH_SHA1 << 8 | signature) == sha1;
}

static bool lists_none_for_a_key(const struct differ_hello *hello, bool sha1)
{
	struct span schemes = client_hello_view(&hello->hello, EXTENSION_SIGNATURE_ALGORITHMS);
	return schemes.at && (lists_none_for(schemes, SIGNATURE_RSA, sha1) ||
			      lists_none_for(schemes, SIGNATURE_ECDSA, sha1));
}

bool lists_only_sha1_for_a_key(const struct differ_hello *hello)
{
	return lists_none_for_a_key(hello, true);
}

bool lists_nothing_for_a_key(const struct differ_hello *hello)
{
	return lists_none_for_a_key(hello, false);
}

bool lists_no_groups(const struct differ_hello *hello)
{
	return !client_hello_has(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
}

bool lists_groups_without_p256(const struct differ_hello *hello)
{
	struct span groups = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
	return groups.at && !list_u16_has(groups, GROUP_SECP256R1);
}
