/* SPDX-License-Identifier: Apache-2.0 */
#include <mbedtls/ecp.h>

#include "endpoint/warden.h"
#include "registry/registry.h"

#define POINT_UNCOMPRESSED 4

/*
 * The points of small order, with which every shared secret is zero (RFC 7748 6.1, RFC 8422 5.11):
 * 0, 1, two of order 8, p - 1, p and p + 1. The highest bit does not count (RFC 7748 5).
 */
static const uint8_t small_order[][32] = {
	{ 0 },
	{ 1 },
	{ 0xE0, 0xEB, 0x7A, 0x7C, 0x3B, 0x41, 0xB8, 0xAE, 0x16, 0x56, 0xE3,
	  0xFA, 0xF1, 0x9F, 0xC4, 0x6A, 0xDA, 0x09, 0x8D, 0xEB, 0x9C, 0x32,
	  0xB1, 0xFD, 0x86, 0x62, 0x05, 0x16, 0x5F, 0x49, 0xB8, 0x00 },
	{ 0x5F, 0x9C, 0x95, 0xBC, 0xA3, 0x50, 0x8C, 0x24, 0xB1, 0xD0, 0xB1,
	  0x55, 0x9C, 0x83, 0xEF, 0x5B, 0x04, 0x44, 0x5C, 0xC4, 0x58, 0x1C,
	  0x8E, 0x86, 0xD8, 0x22, 0x4E, 0xDD, 0xD0, 0x9F, 0x11, 0x57 },
};

/* p is 2^255 - 19: all bytes but the first and the last are 0xFF. */
static bool is_near_prime(const uint8_t point[32])
{
	bool full = (point[31] & 0x7F) == 0x7F && point[0] >= 0xEC && point[0] <= 0xEE;
	for (size_t i = 1; i < 31; i++)
		full = full && point[i] == 0xFF;
	return full;
}

static bool x25519_is_valid(struct span point)
{
	uint8_t masked[32];
	if (point.len != sizeof masked)
		return false;
	memcpy(masked, point.at, sizeof masked);
	masked[31] &= 0x7F;
	for (size_t i = 0; i < sizeof small_order / sizeof small_order[0]; i++)
		if (memcmp(masked, small_order[i], sizeof masked) == 0)
			return false;
	return !is_near_prime(masked);
}

/* RFC 8422 5.7, 5.11: uncompressed, of the curve's size, and on the curve. */
static bool point_is_valid(const mbedtls_ecp_curve_info *curve, struct span point)
{
	size_t coordinate = ((size_t)curve->bit_size + 7) / 8;
	if (point.len != 1 + 2 * coordinate || point.at[0] != POINT_UNCOMPRESSED)
		return false;
	mbedtls_ecp_group group;
	mbedtls_ecp_point read;
	mbedtls_ecp_group_init(&group);
	mbedtls_ecp_point_init(&read);
	int bad = mbedtls_ecp_group_load(&group, curve->grp_id);
	bad = bad ? bad : mbedtls_ecp_point_read_binary(&group, &read, point.at, point.len);
	bad = bad ? bad : mbedtls_ecp_check_pubkey(&group, &read);
	mbedtls_ecp_point_free(&read);
	mbedtls_ecp_group_free(&group);
	return bad == 0;
}

static uint8_t point_judge(const struct warden *warden, struct cursor body)
{
	/* Static ECDH is on the curve of the certificate. */
	uint16_t group = warden->group ? warden->group : GROUP_SECP256R1;
	struct span point = cursor_vec8(&body);
	if (!cursor_done(&body) || !point.len)
		return ALERT_DECODE_ERROR;
	const mbedtls_ecp_curve_info *curve = mbedtls_ecp_curve_info_from_tls_id(group);
	bool valid = true;
	if (group == GROUP_X25519)
		valid = x25519_is_valid(point);
	else if (curve)
		valid = point_is_valid(curve, point);
	return valid ? 0 : ALERT_ILLEGAL_PARAMETER;
}

static struct span number_strip(struct span number)
{
	while (number.len && number.at[0] == 0)
		number = span_skip(number, 1);
	return number;
}

/* RFC 7919 5.1: 1 < y < p - 1. A safe prime ends in 11, so p - 1 differs in the last bit. */
static bool number_is_valid(struct span y, struct span p)
{
	y = number_strip(y);
	p = number_strip(p);
	if (y.len == 0 || (y.len == 1 && y.at[0] == 1) || y.len > p.len)
		return false;
	if (y.len < p.len)
		return true;
	int order = memcmp(y.at, p.at, p.len - 1);
	return order < 0 || (order == 0 && y.at[y.len - 1] + 1 < p.at[p.len - 1]);
}

static uint8_t dh_judge(const struct warden *warden, struct cursor body)
{
	struct span y = cursor_vec16(&body);
	if (!cursor_done(&body) || !y.len)
		return ALERT_DECODE_ERROR;
	bool valid =
		!warden->dh_p_len || number_is_valid(y, span_of(warden->dh_p, warden->dh_p_len));
	return valid ? 0 : ALERT_ILLEGAL_PARAMETER;
}

/* What is encrypted must not be spoken of (RFC 5246 7.4.7.1): the form alone is judged. */
static uint8_t rsa_judge(struct cursor body)
{
	struct span secret = cursor_vec16(&body);
	return cursor_done(&body) && secret.len ? 0 : ALERT_DECODE_ERROR;
}

uint8_t key_exchange_judge(const struct warden *warden, struct cursor body)
{
	if (!warden->suite)
		return 0;
	/* RFC 4279 2, RFC 5489 2: the identity comes first. */
	if (warden->suite->auth == AUTH_PSK)
		cursor_vec16(&body);
	switch (warden->suite->kx) {
	case KX_ECDHE:
	case KX_ECDH:
		return point_judge(warden, body);
	case KX_DHE:
		return dh_judge(warden, body);
	case KX_RSA:
		return rsa_judge(body);
	default:
		return cursor_done(&body) ? 0 : ALERT_DECODE_ERROR;
	}
}
