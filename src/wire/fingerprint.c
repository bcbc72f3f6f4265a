/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/fingerprint.h"

#include "base/hex.h"
#include "registry/registry.h"

#include <mbedtls/md.h>
#include <stdio.h>
#include <stdlib.h>

static void append_u16_list(struct text *out, struct span list)
{
	const char *separator = "";
	for (size_t i = 0; i < list_u16_len(list); i++) {
		uint16_t code = list_u16(list, i);
		if (code_is_grease(code))
			continue;
		text_printf(out, "%s%u", separator, code);
		separator = "-";
	}
}

static void append_extension_types(struct text *out, const struct client_hello *hello)
{
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	const char *separator = "";
	while (extension_next(&block, &item)) {
		if (code_is_grease(item.type))
			continue;
		text_printf(out, "%s%u", separator, item.type);
		separator = "-";
	}
}

void ja3_string(struct text *out, const struct client_hello *hello)
{
	struct span formats = client_hello_view(hello, EXTENSION_EC_POINT_FORMATS);
	text_printf(out, "%u,", hello->legacy_version);
	append_u16_list(out, hello->suites);
	text_printf(out, ",");
	append_extension_types(out, hello);
	text_printf(out, ",");
	append_u16_list(out, client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS));
	text_printf(out, ",");
	for (size_t i = 0; i < formats.len; i++)
		text_printf(out, "%s%u", i ? "-" : "", formats.at[i]);
}

/* Writes the first `digits` digits of the digest. */
static enum fault digest(char *out, size_t digits, mbedtls_md_type_t type, const struct text *text)
{
	uint8_t hash[MBEDTLS_MD_MAX_SIZE];
	char hex[2 * MBEDTLS_MD_MAX_SIZE + 1];
	const mbedtls_md_info_t *info = mbedtls_md_info_from_type(type);
	if (text->fault != FAULT_NONE)
		return text->fault;
	const char *view = text_view(text);
	if (!info || mbedtls_md(info, (const uint8_t *)view, text->len, hash) != 0)
		return FAULT_CRYPTO;
	hex_encode(hex, span_of(hash, mbedtls_md_get_size(info)));
	memcpy(out, hex, digits);
	out[digits] = '\0';
	return FAULT_NONE;
}

enum fault ja3_hash(char out[JA3_HASH_LEN + 1], const struct client_hello *hello)
{
	struct text text;
	text_init(&text);
	ja3_string(&text, hello);
	enum fault fault = digest(out, JA3_HASH_LEN, MBEDTLS_MD_MD5, &text);
	text_release(&text);
	return fault;
}

/* Code points without GREASE, for counting and sorting. */
struct codes {
	uint16_t *at;
	size_t len;
	bool failed;
};

static int compare_codes(const void *a, const void *b)
{
	const uint16_t *left = a, *right = b;
	return (*left > *right) - (*left < *right);
}

static struct codes codes_of_list(struct span list)
{
	struct codes codes = { .at = calloc(list_u16_len(list) + 1, sizeof(uint16_t)) };
	codes.failed = codes.at == NULL;
	for (size_t i = 0; !codes.failed && i < list_u16_len(list); i++) {
		if (!code_is_grease(list_u16(list, i)))
			codes.at[codes.len++] = list_u16(list, i);
	}
	return codes;
}

static struct codes codes_of_extensions(const struct client_hello *hello)
{
	struct codes codes = { .at = calloc(hello->extensions_len + 1, sizeof(uint16_t)) };
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	codes.failed = codes.at == NULL;
	while (!codes.failed && extension_next(&block, &item)) {
		if (!code_is_grease(item.type))
			codes.at[codes.len++] = item.type;
	}
	return codes;
}

static void append_codes(struct text *out, const struct codes *codes, bool names_too)
{
	const char *separator = "";
	for (size_t i = 0; i < codes->len; i++) {
		uint16_t code = codes->at[i];
		if (!names_too && (code == EXT_SERVER_NAME || code == EXT_ALPN))
			continue;
		text_printf(out, "%s%04x", separator, code);
		separator = ",";
	}
}

static bool is_alphanumeric(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* First and last character of the first protocol; of its hexadecimal form if one is unprintable. */
static void alpn_characters(char out[2], const struct client_hello *hello)
{
	static const char digits[] = "0123456789abcdef";
	struct cursor list = cursor_over(client_hello_view(hello, EXTENSION_ALPN));
	struct span protocol;
	out[0] = out[1] = '0';
	if (!alpn_next(&list, &protocol) || protocol.len == 0)
		return;
	uint8_t first = protocol.at[0], last = protocol.at[protocol.len - 1];
	bool plain = is_alphanumeric(first) && is_alphanumeric(last);
	out[0] = plain ? (char)first : digits[first >> 4];
	out[1] = plain ? (char)last : digits[last & 15];
}

static const char *version_characters(uint16_t version)
{
	switch (version) {
	case 0x0304:
		return "13";
	case 0x0303:
		return "12";
	case 0x0302:
		return "11";
	case 0x0301:
		return "10";
	case 0x0300:
		return "s3";
	case 0x0002:
		return "s2";
	default:
		return "00";
	}
}

static unsigned two_digits(size_t count)
{
	return count > 99 ? 99 : (unsigned)count;
}

static enum fault hash_part(char out[13], struct text *text)
{
	if (text->fault == FAULT_NONE && text->len == 0) {
		memcpy(out, "000000000000", 13);
		return FAULT_NONE;
	}
	return digest(out, 12, MBEDTLS_MD_SHA256, text);
}

static enum fault hash_suites(char out[13], const struct codes *suites)
{
	struct text text;
	text_init(&text);
	append_codes(&text, suites, true);
	enum fault fault = hash_part(out, &text);
	text_release(&text);
	return fault;
}

static enum fault hash_extensions(char out[13], const struct codes *types,
				  const struct codes *schemes)
{
	struct text text;
	text_init(&text);
	append_codes(&text, types, false);
	if (text.len && schemes->len) {
		text_printf(&text, "_");
		append_codes(&text, schemes, true);
	}
	enum fault fault = hash_part(out, &text);
	text_release(&text);
	return fault;
}

static enum fault write_ja4(char out[JA4_LEN + 1], const struct client_hello *hello,
			    const struct codes *suites, const struct codes *types,
			    const struct codes *schemes)
{
	char suites_hash[13], types_hash[13], alpn[2];
	enum fault fault = hash_suites(suites_hash, suites);
	if (fault == FAULT_NONE)
		fault = hash_extensions(types_hash, types, schemes);
	if (fault != FAULT_NONE)
		return fault;
	alpn_characters(alpn, hello);
	snprintf(out, JA4_LEN + 1, "t%s%c%02u%02u%c%c_%s_%s",
		 version_characters(client_hello_version(hello)),
		 client_hello_has(hello, EXTENSION_SERVER_NAME) ? 'd' : 'i',
		 two_digits(suites->len), two_digits(types->len), alpn[0], alpn[1], suites_hash,
		 types_hash);
	return FAULT_NONE;
}

enum fault ja4(char out[JA4_LEN + 1], const struct client_hello *hello)
{
	struct codes suites = codes_of_list(hello->suites);
	struct codes types = codes_of_extensions(hello);
	struct codes schemes =
		codes_of_list(client_hello_view(hello, EXTENSION_SIGNATURE_ALGORITHMS));
	enum fault fault = FAULT_NO_MEMORY;
	if (!suites.failed && !types.failed && !schemes.failed) {
		qsort(suites.at, suites.len, sizeof(uint16_t), compare_codes);
		qsort(types.at, types.len, sizeof(uint16_t), compare_codes);
		fault = write_ja4(out, hello, &suites, &types, &schemes);
	}
	free(suites.at);
	free(types.at);
	free(schemes.at);
	return fault;
}
