/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "conditions.h"
#include "registry/registry.h"
#include "registry/version.h"
#include "wire/extension/view.h"

#define EXT_SRP		12
#define EXT_USE_SRTP	14
#define EXT_NEXT_PROTO	13172
#define EXT_CRYPTOPRO	0xFDE8
#define CHALLENGE_MIN	16
#define CHALLENGE_MAX	32
#define PSK_DHE_KE	1
#define X25519_LEN	32
#define SSLV2_FIXED_LEN 9

/* What OpenSSL 3.0 looks for repeats of, in ClientHellos. */
static bool openssl_knows(uint16_t type)
{
	static const uint16_t known[] = {
		EXT_RENEGOTIATION_INFO,
		EXT_SERVER_NAME,
		EXT_MAX_FRAGMENT_LENGTH,
		EXT_SRP,
		EXT_EC_POINT_FORMATS,
		EXT_SUPPORTED_GROUPS,
		EXT_SESSION_TICKET,
		EXT_STATUS_REQUEST,
		EXT_NEXT_PROTO,
		EXT_ALPN,
		EXT_USE_SRTP,
		EXT_ENCRYPT_THEN_MAC,
		EXT_SIGNED_CERTIFICATE_TIMESTAMP,
		EXT_EXTENDED_MASTER_SECRET,
		EXT_SIGNATURE_ALGORITHMS_CERT,
		EXT_POST_HANDSHAKE_AUTH,
		EXT_SIGNATURE_ALGORITHMS,
		EXT_SUPPORTED_VERSIONS,
		EXT_PSK_KEY_EXCHANGE_MODES,
		EXT_KEY_SHARE,
		EXT_COOKIE,
		EXT_CRYPTOPRO,
		EXT_EARLY_DATA,
		EXT_CERTIFICATE_AUTHORITIES,
		EXT_PADDING,
		EXT_PRE_SHARED_KEY,
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i] == type)
			return true;
	}
	return false;
}

bool chooses_tls13(const struct differ_hello *hello)
{
	return chosen_version(hello) == version_code(TLS1_3);
}

bool chooses_tls12_or_older(const struct differ_hello *hello)
{
	return !chooses_tls13(hello);
}

bool chooses_older_than_tls12(const struct differ_hello *hello)
{
	return chosen_version(hello) < version_code(TLS1_2);
}

bool repeats_unknown_to_openssl(const struct differ_hello *hello)
{
	uint8_t seen[65536 / 8] = { 0 };
	struct cursor block = cursor_over(hello->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		uint8_t bit = (uint8_t)(1u << item.type % 8);
		if (openssl_knows(item.type) && (seen[item.type / 8] & bit))
			return false;
		seen[item.type / 8] |= bit;
	}
	return true;
}

/* A CLIENT-HELLO whose lengths add up, with a challenge that is too short or too long. */
bool has_odd_challenge(const struct differ_hello *hello)
{
	struct cursor c = cursor_over(hello->message);
	cursor_u8(&c);
	cursor_u16(&c);
	size_t kinds = cursor_u16(&c), session_id = cursor_u16(&c), challenge = cursor_u16(&c);
	return cursor_ok(&c) && cursor_left(&c) == kinds + session_id + challenge &&
	       (challenge < CHALLENGE_MIN || challenge > CHALLENGE_MAX);
}

bool renegotiation_info_is_empty_with_tail(const struct differ_hello *hello)
{
	struct span body = differ_body(hello, EXT_RENEGOTIATION_INFO);
	return body.len > 1 && body.at[0] == 0;
}

bool has_one_empty_host(const struct differ_hello *hello)
{
	return differ_body_is(hello, EXT_SERVER_NAME, "\0\3\0\0\0", 5);
}

static bool is_odd_list(struct span body)
{
	struct cursor c = cursor_over(body);
	struct span list = cursor_vec16(&c);
	return cursor_done(&c) && list.len % 2 != 0;
}

bool schemes_are_odd_before_tls12(const struct differ_hello *hello)
{
	struct span all = differ_body(hello, EXT_SIGNATURE_ALGORITHMS);
	struct span certificates = differ_body(hello, EXT_SIGNATURE_ALGORITHMS_CERT);
	return chooses_older_than_tls12(hello) && (is_odd_list(all) || is_odd_list(certificates));
}

/* Nothing looks at what follows the list, and the list may be empty. */
bool authorities_are_whole(const struct differ_hello *hello)
{
	struct cursor body = cursor_over(differ_body(hello, EXT_CERTIFICATE_AUTHORITIES));
	struct cursor list = cursor_over(cursor_vec16(&body));
	while (cursor_left(&list)) {
		if (!cursor_vec16(&list).len)
			return false;
	}
	return cursor_ok(&body) && cursor_ok(&list);
}

/* Identities are read when psk_dhe_ke is listed; binders when one of the identities is known. */
bool psk_identities_are_whole_or_unread(const struct differ_hello *hello)
{
	struct span modes = client_hello_view(&hello->hello, EXTENSION_PSK_KEY_EXCHANGE_MODES);
	struct cursor body = cursor_over(differ_body(hello, EXT_PRE_SHARED_KEY));
	struct cursor list = cursor_over(cursor_vec16(&body));
	if (!modes.len || !memchr(modes.at, PSK_DHE_KE, modes.len))
		return true;
	while (cursor_left(&list)) {
		if (!cursor_vec16(&list).len)
			return false;
		cursor_u32(&list);
	}
	return cursor_ok(&body) && cursor_ok(&list);
}

bool has_use_srtp(const struct differ_hello *hello)
{
	return differ_body(hello, EXT_USE_SRTP).at != NULL;
}

bool has_srp_that_is_no_name(const struct differ_hello *hello)
{
	struct span body = differ_body(hello, EXT_SRP);
	struct cursor c = cursor_over(body);
	struct span name = cursor_vec8(&c);
	return body.at && (!cursor_done(&c) || (name.len && memchr(name.at, 0, name.len)));
}

bool has_compressions_in_tls13(const struct differ_hello *hello)
{
	return chooses_tls13(hello) && hello->hello.compression.len > 1;
}

/* Up to the first share that OpenSSL would use, each must be of a group in supported_groups. */
static bool find_share(const struct differ_hello *hello, bool of_unlisted)
{
	struct span groups = client_hello_view(&hello->hello, EXTENSION_SUPPORTED_GROUPS);
	struct cursor list = cursor_over(client_hello_view(&hello->hello, EXTENSION_KEY_SHARE));
	struct key_share_entry entry;
	while (chooses_tls13(hello) && key_share_next(&list, &entry)) {
		if (!list_u16_has(groups, entry.group))
			return of_unlisted;
		if (entry.group == GROUP_X25519)
			return !of_unlisted && entry.key_exchange.len != X25519_LEN;
	}
	return false;
}

bool has_share_of_unlisted_group(const struct differ_hello *hello)
{
	return find_share(hello, true);
}

bool has_x25519_share_of_other_length(const struct differ_hello *hello)
{
	return find_share(hello, false);
}

bool is_followed_in_tls13(const struct differ_hello *hello)
{
	return chooses_tls13(hello) && hello->behind.len > 0;
}

bool names_authorities(const struct differ_hello *hello)
{
	return chooses_tls13(hello) &&
	       client_hello_view(&hello->hello, EXTENSION_CERTIFICATE_AUTHORITIES).len > 0;
}

bool other_records_are_empty_ccs(const struct differ_hello *hello)
{
	return hello->others_are_empty_ccs;
}
