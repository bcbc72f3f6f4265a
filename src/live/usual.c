/* SPDX-License-Identifier: Apache-2.0 */
#include "live/usual.h"

#include "registry/registry.h"

#define STATUS_OCSP 1
/* RFC 7919 2: 256 to 511 */

static enum usualness worse(enum usualness a, enum usualness b)
{
	return a > b ? a : b;
}

/* Every code point of `need` is in `have`. */
static bool covers(struct span have, struct span need)
{
	for (size_t i = 0; i < list_u16_len(need); i++)
		if (!list_u16_has(have, list_u16(need, i)))
			return false;
	return true;
}

/* An absent list leaves the choice to the server, within defaults that it may have given up (RFC
 * 8422 4, RFC 5246 7.4.1.4.1, RFC 9155). */
static enum usualness of_list(const struct client_hello *hello, const struct client_hello *control,
			      enum extension_id id)
{
	if (!client_hello_has(control, id))
		return client_hello_has(hello, id) ? HELLO_LIKELY : HELLO_USUAL;
	if (!client_hello_has(hello, id))
		return HELLO_LIKELY;
	return covers(client_hello_view(hello, id), client_hello_view(control, id)) ? HELLO_USUAL
										    : HELLO_STRANGE;
}

/* The same bytes as in the control, or absent in both. */
static bool same(const struct client_hello *hello, const struct client_hello *control,
		 enum extension_id id)
{
	return client_hello_has(hello, id) == client_hello_has(control, id) &&
	       span_equal(client_hello_view(hello, id), client_hello_view(control, id));
}

/* A name that was not asked for so far may be unknown there (RFC 6066 3); none at all is not. */
static enum usualness of_name(const struct client_hello *hello, const struct client_hello *control)
{
	if (same(hello, control, EXTENSION_SERVER_NAME))
		return HELLO_USUAL;
	return client_hello_has(hello, EXTENSION_SERVER_NAME) ? HELLO_STRANGE : HELLO_LIKELY;
}

static bool has_protocol(struct span view, struct span protocol)
{
	struct cursor list = cursor_over(view);
	struct span other;
	while (alpn_next(&list, &other))
		if (span_equal(other, protocol))
			return true;
	return false;
}

/* RFC 7301 3.2: without a protocol in common there is no connection. */
static enum usualness of_alpn(const struct client_hello *hello, const struct client_hello *control,
			      struct span spoken)
{
	struct cursor list = cursor_over(client_hello_view(control, EXTENSION_ALPN));
	struct span protocol, offered = client_hello_view(hello, EXTENSION_ALPN);
	if (!client_hello_has(control, EXTENSION_ALPN) && client_hello_has(hello, EXTENSION_ALPN))
		return spoken.len && has_protocol(offered, spoken) ? HELLO_USUAL : HELLO_STRANGE;
	if (!client_hello_has(control, EXTENSION_ALPN))
		return HELLO_USUAL;
	if (!client_hello_has(hello, EXTENSION_ALPN))
		return HELLO_LIKELY;
	while (alpn_next(&list, &protocol))
		if (!has_protocol(offered, protocol))
			return HELLO_STRANGE;
	return HELLO_USUAL;
}

/* RFC 7919 4: with any group of these, a server that has none of them chooses no DHE suite. */
static bool adds_ffdhe(const struct client_hello *hello, const struct client_hello *control)
{
	struct span groups = client_hello_view(hello, EXTENSION_SUPPORTED_GROUPS);
	struct span usual = client_hello_view(control, EXTENSION_SUPPORTED_GROUPS);
	for (size_t i = 0; i < list_u16_len(groups); i++) {
		uint16_t group = list_u16(groups, i);
		if (group_is_ffdhe(group) && !list_u16_has(usual, group))
			return true;
	}
	return false;
}

static bool renegotiates_securely(const struct client_hello *hello)
{
	return client_hello_has(hello, EXTENSION_RENEGOTIATION_INFO) ||
	       list_u16_has(hello->suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

/* What protects a handshake before TLS 1.3: a server may insist on it (RFC 5746 3.6, RFC 7627 5.4).
 */
static bool lacks_protection(const struct client_hello *hello, const struct client_hello *control)
{
	return (renegotiates_securely(control) && !renegotiates_securely(hello)) ||
	       (client_hello_has(control, EXTENSION_EXTENDED_MASTER_SECRET) &&
		!client_hello_has(hello, EXTENSION_EXTENDED_MASTER_SECRET));
}

/* What TLS 1.3 cannot do without (RFC 8446 9.2), and what of it a server may take offence at. */
static enum usualness of_tls13(const struct client_hello *hello, const struct client_hello *control)
{
	bool complete = client_hello_has(hello, EXTENSION_SUPPORTED_GROUPS) &&
			client_hello_has(hello, EXTENSION_SIGNATURE_ALGORITHMS) &&
			client_hello_has(hello, EXTENSION_KEY_SHARE);
	bool null = hello->compression.len == 1;
	bool versions = hello->legacy_version == version_code(TLS1_2);
	if (!complete || !null || !versions || !same(hello, control, EXTENSION_KEY_SHARE))
		return HELLO_STRANGE;
	return HELLO_USUAL;
}

/* A type that nobody has assigned is passed over (RFC 5246 7.4.1.4); one that somebody has may be
 * known to the server, and its body wrong for all that we know. */
static enum usualness of_unknown(uint16_t type)
{
	return registry_name(&registry_extensions, type) ? HELLO_STRANGE : HELLO_USUAL;
}

/* An extension of which the control has another body, or nothing. */
static enum usualness of_extension(uint16_t type)
{
	enum extension_id id = extension_id_of(type);
	switch (id) {
	case EXTENSION_UNKNOWN:
		return of_unknown(type);
	case EXTENSION_EXTENDED_MASTER_SECRET:
	case EXTENSION_ENCRYPT_THEN_MAC:
	case EXTENSION_SESSION_TICKET:
	case EXTENSION_STATUS_REQUEST:
	case EXTENSION_SIGNED_CERTIFICATE_TIMESTAMP:
	case EXTENSION_PADDING:
	case EXTENSION_RENEGOTIATION_INFO:
	case EXTENSION_EC_POINT_FORMATS:
	case EXTENSION_SUPPORTED_VERSIONS:
	case EXTENSION_PSK_KEY_EXCHANGE_MODES:
		return HELLO_USUAL;
	case EXTENSION_PRE_SHARED_KEY:
	case EXTENSION_EARLY_DATA:
	case EXTENSION_COOKIE:
	case EXTENSION_CERTIFICATE_AUTHORITIES:
	case EXTENSION_SIGNATURE_ALGORITHMS_CERT:
		return HELLO_STRANGE;
	case EXTENSION_SERVER_NAME:
	case EXTENSION_SUPPORTED_GROUPS:
	case EXTENSION_SIGNATURE_ALGORITHMS:
	case EXTENSION_ALPN:
	case EXTENSION_KEY_SHARE:
		return HELLO_USUAL; /* looked at by themselves */
	default:
		return HELLO_LIKELY;
	}
}

/* RFC 6066 8 defines one type of a status, and says nothing of how others are read. */
static bool is_odd_status(const struct extension_item *item, enum extension_id id)
{
	return id == EXTENSION_STATUS_REQUEST &&
	       (!item->data.len || item->data.at[0] != STATUS_OCSP);
}

static enum usualness of_block(const struct client_hello *hello, enum version version)
{
	enum usualness out = HELLO_USUAL;
	struct cursor block = cursor_over(hello->extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		enum extension_id id = extension_id_of(item.type);
		out = worse(out, of_extension(item.type));
		if (is_odd_status(&item, id))
			out = HELLO_STRANGE;
		/* A share may be looked at by whoever knows TLS 1.3, although it is not chosen. */
		if (id == EXTENSION_KEY_SHARE && version < TLS1_3)
			out = worse(out, HELLO_LIKELY);
	}
	return out;
}

enum usualness hello_usual(const struct client_hello *hello, const struct client_hello *control,
			   enum version version, struct span alpn)
{
	enum usualness out = of_block(hello, version);
	out = worse(out, of_list(hello, control, EXTENSION_SUPPORTED_GROUPS));
	if (version >= TLS1_2)
		out = worse(out, of_list(hello, control, EXTENSION_SIGNATURE_ALGORITHMS));
	out = worse(out, of_name(hello, control));
	out = worse(out, of_alpn(hello, control, alpn));
	if (version == TLS1_3)
		out = worse(out, of_tls13(hello, control));
	else if (lacks_protection(hello, control) || adds_ffdhe(hello, control))
		out = worse(out, HELLO_LIKELY);
	return out;
}
