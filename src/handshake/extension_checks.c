/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/handshake_internal.h"

#define IN(place) (1u << PLACE_##place)

/* Where an extension may stand in TLS 1.3 (RFC 8446 4.2, the table); 0: in no answer at all. */
static const struct {
	uint16_t type;
	unsigned places;
} homes[] = {
	{ EXT_STATUS_REQUEST, IN(CERTIFICATE) },
	{ EXT_EC_POINT_FORMATS, 0 },
	{ EXT_SIGNATURE_ALGORITHMS, 0 },
	{ EXT_SIGNED_CERTIFICATE_TIMESTAMP, IN(CERTIFICATE) },
	{ EXT_PADDING, 0 },
	{ EXT_ENCRYPT_THEN_MAC, 0 },
	{ EXT_EXTENDED_MASTER_SECRET, 0 },
	{ EXT_COMPRESS_CERTIFICATE, 0 },
	{ EXT_SESSION_TICKET, 0 },
	{ EXT_PRE_SHARED_KEY, IN(SERVER_HELLO) },
	{ EXT_SUPPORTED_VERSIONS, IN(SERVER_HELLO) | IN(RETRY_REQUEST) },
	{ EXT_COOKIE, IN(RETRY_REQUEST) },
	{ EXT_PSK_KEY_EXCHANGE_MODES, 0 },
	{ EXT_CERTIFICATE_AUTHORITIES, 0 },
	{ EXT_POST_HANDSHAKE_AUTH, 0 },
	{ EXT_SIGNATURE_ALGORITHMS_CERT, 0 },
	{ EXT_KEY_SHARE, IN(SERVER_HELLO) | IN(RETRY_REQUEST) },
	{ EXT_RENEGOTIATION_INFO, 0 },
};

static bool belongs_13(uint16_t type, enum extension_place place)
{
	for (size_t i = 0; i < sizeof homes / sizeof homes[0]; i++)
		if (homes[i].type == type)
			return (homes[i].places >> place & 1) != 0;
	return place == PLACE_ENCRYPTED_EXTENSIONS;
}

static bool belongs_12(uint16_t type)
{
	return type != EXT_KEY_SHARE && type != EXT_SUPPORTED_VERSIONS &&
	       type != EXT_PRE_SHARED_KEY && type != EXT_COOKIE &&
	       type != EXT_SIGNATURE_ALGORITHMS && type != EXT_PSK_KEY_EXCHANGE_MODES;
}

static bool was_offered(const struct handshake *h, uint16_t type)
{
	struct cursor block = cursor_over(h->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item))
		if (item.type == type)
			return true;
	/* The signalling suite stands for an empty renegotiation_info (RFC 5746 3.4). */
	return type == EXT_RENEGOTIATION_INFO &&
	       list_u16_has(h->hello.suites, SUITE_EMPTY_RENEGOTIATION_INFO_SCSV);
}

/* Our list may be malformed on purpose: every name of it that can be read was offered. */
static bool protocol_offered(const struct handshake *h, struct span body)
{
	struct cursor block = cursor_over(h->hello.extensions);
	struct extension_item item;
	while (extension_next(&block, &item)) {
		struct cursor list = cursor_over(span_skip(item.data, 2));
		while (item.type == EXT_ALPN && cursor_left(&list)) {
			struct span protocol = cursor_vec8(&list);
			if (cursor_ok(&list) && span_equal(protocol, span_skip(body, 3)))
				return true;
		}
	}
	return false;
}

static bool seen_before(struct span block, size_t end, uint16_t type)
{
	struct cursor again = cursor_over(span_of(block.at, end));
	struct extension_item item;
	while (extension_next(&again, &item))
		if (item.type == type)
			return true;
	return false;
}

static const char *extension_word(uint16_t type)
{
	const char *name = registry_name(&registry_extensions, type);
	return name ? name : "an unknown extension";
}

static bool is_well_formed(const struct extension_item *item)
{
	enum extension_id id = extension_id_of(item->type);
	struct span view;
	return id == EXTENSION_UNKNOWN || !extension_table[id]->server_decode ||
	       extension_table[id]->server_decode(&view, item->data, NULL);
}

/* Behind the length each byte is a format; uncompressed is 0. */
static bool has_uncompressed(struct span body)
{
	return body.len > 1 && memchr(body.at + 1, 0, body.len - 1);
}

static enum violation judge(const struct handshake *h, const struct extension_item *item,
			    enum extension_place place)
{
	bool tls13 = h->facts.version == TLS1_3;
	bool unasked = item->type == EXT_COOKIE && place == PLACE_RETRY_REQUEST;
	if (!was_offered(h, item->type) && !unasked)
		return VIOLATION_EXTENSION_NOT_OFFERED;
	if (!(tls13 ? belongs_13(item->type, place) : belongs_12(item->type)))
		return VIOLATION_EXTENSION_NOT_ALLOWED;
	if (place != PLACE_CERTIFICATE && !is_well_formed(item))
		return VIOLATION_MALFORMED_MESSAGE;
	if (item->type == EXT_ALPN && !protocol_offered(h, item->data))
		return VIOLATION_EXTENSION_VALUE;
	if (item->type == EXT_EC_POINT_FORMATS && !has_uncompressed(item->data))
		return VIOLATION_POINT_FORMATS;
	return VIOLATION_NONE;
}

static const char *const place_names[] = {
	[PLACE_SERVER_HELLO] = "server_hello",
	[PLACE_RETRY_REQUEST] = "hello_retry_request",
	[PLACE_ENCRYPTED_EXTENSIONS] = "encrypted_extensions",
	[PLACE_CERTIFICATE] = "certificate",
	[PLACE_CERTIFICATE_REQUEST] = "certificate_request",
	[PLACE_SESSION_TICKET] = "new_session_ticket",
};

/* What a request or a ticket holds answers nothing, so only its form is judged. */
static bool answers(enum extension_place place)
{
	return place != PLACE_CERTIFICATE_REQUEST && place != PLACE_SESSION_TICKET;
}

bool check_extensions(struct handshake *h, struct span block, enum extension_place place)
{
	struct cursor in = cursor_over(block);
	struct extension_item item;
	for (size_t start = 0; extension_next(&in, &item); start = in.at) {
		enum violation violation = VIOLATION_NONE;
		if (seen_before(block, start, item.type))
			violation = VIOLATION_EXTENSION_DUPLICATE;
		else if (answers(place))
			violation = judge(h, &item, place);
		if (violation != VIOLATION_NONE) {
			violate(h, violation, "%s in %s", extension_word(item.type),
				place_names[place]);
			if (!h->options.directed)
				return false;
		}
	}
	if (!cursor_done(&in))
		violate(h, VIOLATION_MALFORMED_MESSAGE, "the extensions of %s", place_names[place]);
	return cursor_done(&in);
}

/* A body that cannot be decoded: only because an extension came twice? */
enum violation server_hello_fault(struct span body)
{
	struct cursor in = cursor_over(body);
	cursor_take(&in, 2 + RANDOM_LEN);
	cursor_vec8(&in);
	cursor_take(&in, 3);
	struct span block = cursor_vec16(&in);
	struct cursor items = cursor_over(block);
	struct extension_item item;
	for (size_t start = 0; cursor_done(&in) && extension_next(&items, &item); start = items.at)
		if (seen_before(block, start, item.type))
			return VIOLATION_EXTENSION_DUPLICATE;
	return VIOLATION_MALFORMED_MESSAGE;
}
