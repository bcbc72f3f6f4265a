/* SPDX-License-Identifier: Apache-2.0 */
#include "endpoint/gate.h"
#include "endpoint/gate_defects.h"
#include "endpoint/gate_extensions.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#define POINT_FORMAT_UNCOMPRESSED 0
#define GROUP_FFDHE2048		  0x0100

/*
 * RFC 2246 7.4.1.2 lets a hello end with data that is not to be read; whoever wrote such a hello
 * knew nothing of extensions (RFC 4366 2.1).
 */
static bool extra_data_drop(struct cursor *body)
{
	struct cursor c = *body;
	uint16_t version = cursor_u16(&c);
	cursor_take(&c, RANDOM_LEN);
	cursor_vec8(&c);
	cursor_vec16(&c);
	cursor_vec8(&c);
	size_t end = c.at;
	if (!cursor_ok(&c) || version >= version_code(TLS1_2) || !cursor_left(&c))
		return false;
	/* What has the length of a block or begins with an extension is a block, and a broken one.
	 */
	struct extension_item item;
	size_t len = cursor_u16(&c);
	bool block = cursor_ok(&c) && cursor_left(&c) == len;
	if (block || extension_next(&c, &item))
		return false;
	body->len = end;
	return true;
}

static bool hello_decode(struct cursor body, const struct repertoire *repertoire,
			 struct gate_result *out)
{
	struct wire_error error = { .alert = ALERT_DECODE_ERROR };
	if (client_hello_decode(&out->hello, body, STRICT, &error) == FAULT_NONE)
		return true;
	if (gate_defect_decode(&out->hello, body, repertoire->defect))
		return true;
	if (extra_data_drop(&body) &&
	    client_hello_decode(&out->hello, body, STRICT, &error) == FAULT_NONE)
		return true;
	gate_refuse(out, error.alert);
	return false;
}

/* RFC 8422 5.1.2: a list of point formats without the uncompressed one. */
static bool points_are_unusable(const struct client_hello *hello)
{
	struct span formats = client_hello_view(hello, EXTENSION_EC_POINT_FORMATS);
	return formats.len && !memchr(formats.at, POINT_FORMAT_UNCOMPRESSED, formats.len);
}

/* RFC 7301 3.2: protocols are offered, and none is ours. */
static bool alpn_is_unknown(const struct client_hello *hello, const struct repertoire *repertoire)
{
	struct span view = client_hello_view(hello, EXTENSION_ALPN);
	struct cursor list = cursor_over(view);
	struct span protocol;
	while (alpn_next(&list, &protocol))
		if (repertoire_speaks(repertoire, protocol))
			return false;
	return view.len && repertoire->alpn[0];
}

/* Rules about a well-formed hello that hold whatever is agreed on. */
static void extensions_judge(const struct repertoire *repertoire, struct gate_result *out)
{
	const struct client_hello *hello = &out->hello;
	uint8_t alert = gate_extensions_judge(hello, repertoire->defect);
	/* RFC 5746 3.6: in a first handshake renegotiated_connection is empty. */
	bool renegotiates = client_hello_view(hello, EXTENSION_RENEGOTIATION_INFO).len > 0;
	if (alert)
		gate_refuse(out, alert);
	else if (renegotiates && !repertoire_is(repertoire, DEFECT_IGNORES_RENEGOTIATED_CONNECTION))
		gate_refuse(out, ALERT_HANDSHAKE_FAILURE);
	else if (points_are_unusable(hello) &&
		 !repertoire_is(repertoire, DEFECT_IGNORES_MISSING_UNCOMPRESSED))
		gate_refuse(out, ALERT_ILLEGAL_PARAMETER);
	else if (alpn_is_unknown(hello, repertoire) &&
		 !repertoire_is(repertoire, DEFECT_IGNORES_UNKNOWN_ALPN))
		gate_refuse(out, ALERT_NO_APPLICATION_PROTOCOL);
}

void gate_hello(struct cursor body, const struct repertoire *repertoire, struct gate_result *out)
{
	if (!hello_decode(body, repertoire, out))
		return;
	gate_choose(&out->hello, repertoire, out);
	if (out->verdict == GATE_PASS)
		extensions_judge(repertoire, out);
	if (out->verdict == GATE_PASS)
		gate_defect_balk(repertoire->defect, out);
}

/* The highest version up to TLS 1.2 that the hello offers and that is in the repertoire. */
static enum version version_choose(const struct client_hello *hello, version_set allowed)
{
	/* RFC 8446 D.5: such a field is refused, whatever is listed. */
	if (hello->legacy_version <= version_code(SSLV3))
		return VERSION_NONE;
	bool listed = client_hello_has(hello, EXTENSION_SUPPORTED_VERSIONS);
	struct span list = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	for (enum version v = TLS1_2; v >= TLS1_0; v--) {
		bool offered = listed ? list_u16_has(list, version_code(v))
				      : hello->legacy_version >= version_code(v);
		if (offered && allowed & VERSION_BIT(v))
			return v;
	}
	return VERSION_NONE;
}

/* RFC 8446 4.2.1: what is listed and unknown is ignored; 0 when nothing is left. */
static uint16_t highest_offered(const struct client_hello *hello)
{
	struct span list = client_hello_view(hello, EXTENSION_SUPPORTED_VERSIONS);
	if (!client_hello_has(hello, EXTENSION_SUPPORTED_VERSIONS))
		return hello->legacy_version;
	for (enum version v = TLS1_3; v >= SSLV3; v--)
		if (list_u16_has(list, version_code(v)))
			return version_code(v);
	return 0;
}

/* RFC 7507 3: the client came down although we could have gone higher. */
static bool falls_back_needlessly(const struct client_hello *hello,
				  const struct repertoire *repertoire)
{
	uint16_t offered = highest_offered(hello);
	enum version highest = VERSION_NONE;
	for (enum version v = TLS1_0; v <= TLS1_2; v++)
		if (repertoire->versions & VERSION_BIT(v))
			highest = v;
	return list_u16_has(hello->suites, SUITE_FALLBACK_SCSV) &&
	       offered < version_code(highest) && offered >= version_code(SSLV3) &&
	       !repertoire_is(repertoire, DEFECT_IGNORES_FALLBACK_SCSV);
}

/* RFC 7919 4: groups of finite fields are named, and ours is not among them. */
static bool ffdhe_is_unknown(const struct client_hello *hello, const struct repertoire *repertoire)
{
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	bool named = false;
	for (size_t i = 0; i < list_u16_len(groups); i++)
		named = named || group_is_ffdhe(list_u16(groups, i));
	return named && !list_u16_has(groups, GROUP_FFDHE2048) &&
	       !repertoire_is(repertoire, DEFECT_IGNORES_FFDHE_GROUPS);
}

/* A hello without supported_groups leaves the choice to us (RFC 8422 4). */
static bool curve_in_common(const struct client_hello *hello, const struct repertoire *repertoire,
			    enum version version)
{
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; i < list_u16_len(groups); i++)
		if (repertoire_has_group(repertoire, version, list_u16(groups, i)))
			return true;
	return !groups.at && repertoire->groups_len[version] > 0;
}

/* Both of our certificates are signed with SHA-256; the ECDSA key is on P-256. */
static bool certificate_fits(const struct client_hello *hello, const struct repertoire *repertoire,
			     enum version version, enum auth auth)
{
	struct span schemes = client_hello_view(hello, EXTENSION_SIGNATURE_ALGORITHMS);
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	if (auth == AUTH_ECDSA && groups.at && !list_u16_has(groups, GROUP_SECP256R1))
		return false;
	if (version < TLS1_2 || !schemes.at)
		return true;
	/* SHA-1 is not used although it is offered (RFC 9155 4): sha224 to sha512 count. */
	unsigned weakest = repertoire_is(repertoire, DEFECT_SIGNS_WITH_SHA1) ? 2 : 3;
	for (unsigned hash = weakest; hash <= 6; hash++)
		if (list_u16_has(schemes, (uint16_t)(hash << 8 | (auth == AUTH_RSA ? 1 : 3))))
			return true;
	return false;
}

bool gate_suite_possible(const struct client_hello *hello, const struct repertoire *repertoire,
			 enum version version, uint16_t suite)
{
	const struct cipher_suite *known = cipher_suite_by_code(suite);
	if (!known || !repertoire_has(repertoire, version, suite))
		return false;
	if ((known->kx == KX_ECDHE || known->kx == KX_ECDH) &&
	    !curve_in_common(hello, repertoire, version))
		return false;
	if (known->kx == KX_DHE && ffdhe_is_unknown(hello, repertoire))
		return false;
	bool certified = known->auth == AUTH_RSA || known->auth == AUTH_ECDSA;
	/* A certificate for static ECDH has an EC key, whoever signed it (RFC 4492 2.1, 2.3). */
	enum auth key = known->kx == KX_ECDH ? AUTH_ECDSA : known->auth;
	return !certified || certificate_fits(hello, repertoire, version, key);
}

static void suites_judge(const struct client_hello *hello, const struct repertoire *repertoire,
			 struct gate_result *out)
{
	bool dhe = false;
	for (size_t i = 0; i < list_u16_len(hello->suites); i++) {
		uint16_t suite = list_u16(hello->suites, i);
		if (gate_suite_possible(hello, repertoire, out->version, suite)) {
			out->verdict = GATE_PASS;
			return;
		}
		const struct cipher_suite *known = cipher_suite_by_code(suite);
		dhe = dhe || (known && known->kx == KX_DHE &&
			      repertoire_has(repertoire, out->version, suite));
	}
	bool groups_only = dhe && ffdhe_is_unknown(hello, repertoire);
	gate_refuse(out, groups_only ? ALERT_INSUFFICIENT_SECURITY : ALERT_HANDSHAKE_FAILURE);
}

void gate_choose(const struct client_hello *hello, const struct repertoire *repertoire,
		 struct gate_result *out)
{
	out->version = version_choose(hello, repertoire->versions);
	if (falls_back_needlessly(hello, repertoire))
		gate_refuse(out, ALERT_INAPPROPRIATE_FALLBACK);
	else if (out->version == VERSION_NONE)
		gate_refuse(out, ALERT_PROTOCOL_VERSION);
	else
		suites_judge(hello, repertoire, out);
	if (out->verdict == GATE_ALERT)
		gate_defect_forge(hello, repertoire->defect, out);
}
