/* SPDX-License-Identifier: Apache-2.0 */
#include "conditions.h"

#include "registry/registry.h"
#include "registry/version.h"
#include "wire/extension/view.h"

#define NAME_TYPE_HOST	 0
#define STATUS_TYPE_OCSP 1

uint16_t chosen_version(const struct differ_hello *hello)
{
	struct span list = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_VERSIONS);
	uint16_t version = hello->sslv2 ? hello->v2.version : hello->hello.legacy_version;
	for (enum version v = TLS1_3; v >= TLS1_0; v--) {
		uint16_t code = version_code(v);
		if (list.at ? list_u16_has(list, code) : v < TLS1_3 && version >= code)
			return code;
	}
	return 0;
}

bool is_sslv2(const struct differ_hello *hello)
{
	return hello->sslv2;
}

bool is_fragmented(const struct differ_hello *hello)
{
	return hello->records_len > 1;
}

bool is_followed_in_its_record(const struct differ_hello *hello)
{
	return hello->behind.len > 0;
}

bool name_list_is_empty(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_SERVER_NAME, "\0", 2);
}

/* Reads names up to the first host, which is where mbedTLS stops. */
static struct cursor read_to_host(const struct differ_hello *hello, bool *empty, bool *host)
{
	struct cursor body = cursor_over(differ_body(hello, EXT_SERVER_NAME));
	struct cursor list = cursor_over(cursor_vec16(&body));
	*empty = *host = false;
	while (!*host && cursor_left(&list)) {
		*host = cursor_u8(&list) == NAME_TYPE_HOST;
		*empty |= !cursor_vec16(&list).len;
	}
	if (!cursor_done(&body))
		cursor_fail(&list);
	return list;
}

bool name_is_empty(const struct differ_hello *hello)
{
	bool empty, host;
	struct cursor list = read_to_host(hello, &empty, &host);
	return cursor_ok(&list) && empty;
}

bool name_comes_after_a_host(const struct differ_hello *hello)
{
	bool empty, host;
	struct cursor list = read_to_host(hello, &empty, &host);
	return cursor_ok(&list) && host && cursor_left(&list) > 0;
}

bool has_high_record_versions(const struct differ_hello *hello)
{
	return hello->lowest_major >= 3;
}

bool group_list_is_empty(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_SUPPORTED_GROUPS, "\0", 2);
}

bool format_list_is_empty(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_EC_POINT_FORMATS, "", 1);
}

bool scheme_list_is_empty(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_SIGNATURE_ALGORITHMS, "\0", 2);
}

bool names_another_type(const struct differ_hello *hello)
{
	struct cursor list = cursor_over(client_hello_view(&hello->hello, EXTENSION_SERVER_NAME));
	bool other = false;
	while (cursor_left(&list)) {
		other = cursor_u8(&list) != NAME_TYPE_HOST || other;
		cursor_vec16(&list);
	}
	return other;
}

/* Our parser takes what is DER inside for bytes. */
bool asks_for_ocsp_with_der(const struct differ_hello *hello)
{
	struct cursor body = cursor_over(differ_body(hello, EXT_STATUS_REQUEST));
	bool ocsp = cursor_u8(&body) == STATUS_TYPE_OCSP;
	struct span responders = cursor_vec16(&body), extensions = cursor_vec16(&body);
	return ocsp && cursor_done(&body) && (responders.len || extensions.len);
}
