/* SPDX-License-Identifier: Apache-2.0 */
#include "offer.h"

#include <criterion/criterion.h>

#include "base/limits.h"
#include "handshake/binder.h"
#include "registry/registry.h"
#include "wire/hello_draft.h"

#define EXTENSIONS_MAX 20
#define BODIES_MAX     4096
#define MESSAGE_MAX    8192

struct list {
	struct extension_draft items[EXTENSIONS_MAX];
	size_t len;
	struct builder bodies;
};

static void add(struct list *list, uint16_t type, size_t from)
{
	cr_assert_lt(list->len, EXTENSIONS_MAX);
	list->items[list->len++] = (struct extension_draft){
		.type = type,
		.body = span_of(list->bodies.at + from, list->bodies.len - from),
	};
}

static void add_bytes(struct list *list, uint16_t type, const char *bytes, size_t len)
{
	size_t from = list->bodies.len;
	builder_bytes(&list->bodies, "body", span_of(bytes, len));
	add(list, type, from);
}

static void add_share(struct list *list, uint16_t group)
{
	struct builder *b = &list->bodies;
	size_t from = b->len;
	struct span share = group_share(group);
	struct prefix shares = builder_open(b, "client_shares", 2);
	builder_u16(b, "group", group);
	struct prefix prefix = builder_open(b, "key_exchange", 2);
	builder_bytes(b, "share", share);
	builder_close(b, prefix, 0);
	builder_close(b, shares, 0);
	add(list, EXT_KEY_SHARE, from);
}

static void add_cookie(struct list *list, struct span cookie)
{
	size_t from = list->bodies.len;
	struct prefix prefix = builder_open(&list->bodies, "cookie", 2);
	builder_bytes(&list->bodies, "bytes", cookie);
	builder_close(&list->bodies, prefix, 0);
	add(list, EXT_COOKIE, from);
}

/* The binder is zeros until the message around it is whole. */
static void add_psk(struct list *list, const struct resumption *resume)
{
	static const uint8_t zeros[64];
	struct builder *b = &list->bodies;
	size_t from = b->len;
	struct prefix identities = builder_open(b, "identities", 2);
	struct prefix identity = builder_open(b, "identity", 2);
	builder_bytes(b, "ticket", resume->ticket);
	builder_close(b, identity, 0);
	builder_u32(b, "obfuscated_ticket_age", resume->ticket_age_add + 1);
	builder_close(b, identities, 0);
	struct prefix binders = builder_open(b, "binders", 2);
	struct prefix binder = builder_open(b, "binder", 1);
	builder_bytes(b, "bytes", span_of(zeros, handshake_binder_len(resume->suite)));
	builder_close(b, binder, 0);
	builder_close(b, binders, 0);
	add(list, EXT_PRE_SHARED_KEY, from);
}

static void add_legacy(struct list *list, const struct offer *offer)
{
	add_bytes(list, EXT_RENEGOTIATION_INFO, "\0", 1);
	add_bytes(list, EXT_STATUS_REQUEST, "\1\0\0\0\0", 5);
	if (!offer->no_extended_master_secret)
		add_bytes(list, EXT_EXTENDED_MASTER_SECRET, "", 0);
	if (!offer->no_encrypt_then_mac)
		add_bytes(list, EXT_ENCRYPT_THEN_MAC, "", 0);
	add_bytes(list, EXT_SESSION_TICKET, (const char *)offer->ticket.at, offer->ticket.len);
}

static void add_tls13(struct list *list, const struct offer *offer)
{
	if (offer->also_tls12)
		add_bytes(list, EXT_SUPPORTED_VERSIONS, "\4\3\4\3\3", 5);
	else
		add_bytes(list, EXT_SUPPORTED_VERSIONS, "\2\3\4", 3);
	add_bytes(list, EXT_PSK_KEY_EXCHANGE_MODES, offer->psk_only ? "\1\0" : "\1\1", 2);
	if (offer->cookie.len)
		add_cookie(list, offer->cookie);
	add_share(list, offer->share ? offer->share : GROUP_X25519);
	if (offer->resume)
		add_psk(list, offer->resume);
}

static void add_all(struct list *list, const struct offer *offer)
{
	add_bytes(list, EXT_SUPPORTED_GROUPS, "\0\4\0\x1d\0\x17", 6);
	/* ECDSA and RSA of SHA-256, PSS of SHA-256, RSA of SHA-1, Ed25519. */
	add_bytes(list, EXT_SIGNATURE_ALGORITHMS, "\0\12\4\3\4\1\10\4\2\1\10\7", 12);
	add_bytes(list, EXT_EC_POINT_FORMATS, "\1\0", 2);
	add_bytes(list, EXT_ALPN, "\0\13\12postgresql", 13);
	if (offer->version < TLS1_3 || offer->also_tls12)
		add_legacy(list, offer);
	if (offer->version == TLS1_3)
		add_tls13(list, offer);
}

/* The binders end the message: a length of two, one of one, and the binder itself. */
static void bind(uint8_t *message, size_t len, const struct offer *offer)
{
	uint8_t binder[HASH_MAX];
	size_t binder_len;
	size_t list_len = 3 + handshake_binder_len(offer->resume->suite);
	cr_assert_eq(handshake_psk_binder(binder, &binder_len, offer->resume, offer->before,
					  span_of(message, len - list_len)),
		     FAULT_NONE);
	memcpy(message + len - binder_len, binder, binder_len);
}

struct span offer_message(struct arena *arena, const struct offer *offer)
{
	uint8_t random[RANDOM_LEN], bodies[BODIES_MAX], *message = arena_alloc(arena, MESSAGE_MAX);
	struct list list = { .len = 0 };
	struct builder b;
	struct rng rng;
	size_t suites_len = 0;
	while (suites_len < OFFER_SUITES_MAX && offer->suites[suites_len])
		suites_len++;
	rng_init(&rng, 7, offer->cookie.len);
	rng_fill(&rng, random, sizeof random);
	builder_init(&list.bodies, bodies, sizeof bodies, NULL, 0);
	if (!offer->bare)
		add_all(&list, offer);
	struct hello_draft draft = {
		.legacy_version = version_code(offer->version == TLS1_3 ? TLS1_2 : offer->version),
		.random = span_of(random, sizeof random),
		.session_id = offer->session_id,
		.compression = span_of("\0", 1),
		.suites = offer->suites,
		.suites_len = suites_len,
		.extensions = list.items,
		.extensions_len = list.len,
		.has_extensions = list.len > 0,
	};
	cr_assert_not_null(message);
	builder_init(&b, message, MESSAGE_MAX, NULL, 0);
	hello_draft_message(&b, &draft);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	cr_assert_eq(builder_fault(&list.bodies), FAULT_NONE);
	if (offer->resume && offer->version == TLS1_3)
		bind(message, b.len, offer);
	return builder_view(&b);
}
