/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include <mbedtls/oid.h>
#include <mbedtls/x509_crt.h>

#include "base/limits.h"
#include "base/text.h"
#include "crypto/x509.h"
#include "crypto/x509_parts.h"

struct trust_store {
	mbedtls_x509_crt anchors;
};

struct trust_store *trust_store_read(struct span pem, char *why, size_t why_len)
{
	struct trust_store *store = calloc(1, sizeof *store);
	uint8_t *text = calloc(1, pem.len + 1);
	int bad = -1;
	if (store && text && pem.len <= TRUST_STORE_MAX) {
		memcpy(text, pem.at ? pem.at : (const uint8_t *)"", pem.len);
		mbedtls_x509_crt_init(&store->anchors);
		/* The parser wants the terminator counted. */
		bad = mbedtls_x509_crt_parse(&store->anchors, text, pem.len + 1);
	}
	free(text);
	if (bad == 0)
		return store;
	if (pem.len > TRUST_STORE_MAX)
		snprintf(why, why_len, "it is larger than %d MiB", TRUST_STORE_MAX >> 20);
	else if (bad > 0)
		snprintf(why, why_len, "%d of its certificates cannot be read", bad);
	else
		snprintf(why, why_len, "it holds no PEM certificate");
	trust_store_free(store);
	return NULL;
}

void trust_store_free(struct trust_store *store)
{
	if (store)
		mbedtls_x509_crt_free(&store->anchors);
	free(store);
}

const char *chain_result_text(enum chain_result result)
{
	switch (result) {
	case CHAIN_TRUSTED:
		return "a path to a trusted root";
	case CHAIN_UNTRUSTED:
		return "no path to a trusted root";
	case CHAIN_EXPIRED:
		return "a certificate of the path is expired or not yet valid";
	case CHAIN_WEAK:
		return "a certificate of the path has a weak key or signature";
	case CHAIN_MALFORMED:
		return "a certificate cannot be read";
	case CHAIN_WRONG_PURPOSE:
		return "the certificate is not for servers";
	}
	assert(false);
	return "";
}

/* Flaws of a path, from the least grave; a path without any is trusted. */
enum { FLAW_EXPIRED = 1, FLAW_WEAK = 2, NO_PATH = 4 };

/*
 * Hostile chains may hold many certificates of one name: the number of signatures that are
 * verified is bounded, whatever the shape.
 */
struct search {
	const mbedtls_x509_crt *given, *anchors, *best_anchor;
	int32_t today;
	unsigned signatures_left;
	unsigned best;
};

/* The path so far, leaf last. */
struct link {
	const mbedtls_x509_crt *certificate;
	const struct link *below;
	unsigned flaws;
	int intermediates; /* self-issued ones do not count (RFC 5280 4.2.1.9) */
};

static struct span buf_span(const mbedtls_x509_buf *buf)
{
	return span_of(buf->p, buf->len);
}

/* The same name may be encoded as PrintableString here and as UTF8String there (RFC 5280 7.1). */
static bool name_equal(const mbedtls_x509_name *a, const mbedtls_x509_name *b)
{
	for (; a && b; a = a->next, b = b->next) {
		bool same =
			span_equal(buf_span(&a->oid), buf_span(&b->oid)) &&
			a->val.len == b->val.len && a->next_merged == b->next_merged &&
			(a->val.len == 0 || strncasecmp((const char *)a->val.p,
							(const char *)b->val.p, a->val.len) == 0);
		if (!same)
			return false;
	}
	return !a && !b;
}

static int32_t time_day(const mbedtls_x509_time *time)
{
	return days_of(time->year, time->mon, time->day);
}

static unsigned date_flaws(const struct search *search, const mbedtls_x509_crt *certificate)
{
	bool valid = time_day(&certificate->valid_from) <= search->today &&
		     search->today <= time_day(&certificate->valid_to);
	return valid ? 0 : FLAW_EXPIRED;
}

static unsigned key_flaws(const mbedtls_x509_crt *certificate)
{
	const mbedtls_x509_crt_profile *profile = &mbedtls_x509_crt_profile_default;
	const mbedtls_pk_context *key = &certificate->pk;
	if (mbedtls_pk_get_type(key) == MBEDTLS_PK_RSA)
		return mbedtls_pk_get_bitlen(key) < profile->rsa_min_bitlen ? FLAW_WEAK : 0;
	if (!mbedtls_pk_can_do(key, MBEDTLS_PK_ECKEY))
		return FLAW_WEAK;
	uint32_t curve = MBEDTLS_X509_ID_FLAG(mbedtls_pk_ec(*key)->grp.id);
	return profile->allowed_curves & curve ? 0 : FLAW_WEAK;
}

static unsigned signature_flaws(const mbedtls_x509_crt *certificate)
{
	uint32_t digest = MBEDTLS_X509_ID_FLAG(certificate->sig_md);
	return mbedtls_x509_crt_profile_default.allowed_mds & digest ? 0 : FLAW_WEAK;
}

static bool signed_by(struct search *search, const mbedtls_x509_crt *child,
		      const mbedtls_x509_crt *parent)
{
	const mbedtls_md_info_t *md = mbedtls_md_info_from_type(child->sig_md);
	unsigned char digest[MBEDTLS_MD_MAX_SIZE];
	mbedtls_pk_context key = parent->pk;
	if (!md || !mbedtls_pk_can_do(&key, child->sig_pk) || !search->signatures_left)
		return false;
	search->signatures_left--;
	return mbedtls_md(md, child->tbs.p, child->tbs.len, digest) == 0 &&
	       mbedtls_pk_verify_ext(child->sig_pk, child->sig_opts, &key, child->sig_md, digest,
				     mbedtls_md_get_size(md), child->sig.p, child->sig.len) == 0;
}

static bool may_issue(struct search *search, const struct link *link,
		      const mbedtls_x509_crt *parent, bool anchor)
{
	const mbedtls_x509_crt *child = link->certificate;
	if (!name_equal(&child->issuer, &parent->subject))
		return false;
	/* Roots from before X.509 version 3 cannot say that they are authorities. */
	if (!(anchor && parent->version < 3) &&
	    (!parent->ca_istrue ||
	     mbedtls_x509_crt_check_key_usage(parent, MBEDTLS_X509_KU_KEY_CERT_SIGN) != 0))
		return false;
	if (parent->max_pathlen > 0 && link->intermediates > parent->max_pathlen - 1)
		return false;
	return signed_by(search, child, parent);
}

static void path_found(struct search *search, unsigned flaws, const mbedtls_x509_crt *anchor)
{
	if (flaws >= search->best)
		return;
	search->best = flaws;
	search->best_anchor = anchor;
}

static bool on_path(const struct link *link, const mbedtls_x509_crt *certificate)
{
	for (; link; link = link->below)
		if (span_equal(buf_span(&link->certificate->raw), buf_span(&certificate->raw)))
			return true;
	return false;
}

static unsigned depth_of(const struct link *link)
{
	unsigned depth = 0;
	for (; link; link = link->below)
		depth++;
	return depth;
}

static void search_up(struct search *search, const struct link *link)
{
	const mbedtls_x509_crt *child = link->certificate;
	unsigned flaws = link->flaws | signature_flaws(child);
	for (const mbedtls_x509_crt *a = search->anchors; a && a->raw.p; a = a->next)
		if (search->best && may_issue(search, link, a, true))
			path_found(search, flaws | date_flaws(search, a) | key_flaws(a), a);
	if (depth_of(link) >= CHAIN_DEPTH_MAX)
		return;
	for (const mbedtls_x509_crt *c = search->given; c && c->raw.p; c = c->next) {
		if (!search->best || on_path(link, c) || !may_issue(search, link, c, false))
			continue;
		bool self_issued = name_equal(&c->issuer, &c->subject);
		struct link up = {
			.certificate = c,
			.below = link,
			.flaws = flaws | date_flaws(search, c) | key_flaws(c),
			.intermediates = link->intermediates + !self_issued,
		};
		search_up(search, &up);
	}
}

/* A leaf that is itself an anchor needs no signature. */
static void search_leaf(struct search *search, const mbedtls_x509_crt *leaf)
{
	struct link link = {
		.certificate = leaf,
		.flaws = date_flaws(search, leaf) | key_flaws(leaf),
	};
	for (const mbedtls_x509_crt *a = search->anchors; a && a->raw.p; a = a->next)
		if (span_equal(buf_span(&a->raw), buf_span(&leaf->raw)))
			path_found(search, link.flaws, a);
	search_up(search, &link);
}

static enum chain_result search_result(const struct search *search, bool unreadable)
{
	if (search->best == NO_PATH)
		return unreadable ? CHAIN_MALFORMED : CHAIN_UNTRUSTED;
	if (search->best & FLAW_WEAK)
		return CHAIN_WEAK;
	return search->best & FLAW_EXPIRED ? CHAIN_EXPIRED : CHAIN_TRUSTED;
}

static const char *anchor_name(const mbedtls_x509_crt *anchor, struct arena *arena)
{
	struct text text;
	text_init(&text);
	for (const mbedtls_x509_name *n = anchor ? &anchor->subject : NULL; n; n = n->next)
		if (span_equal(buf_span(&n->oid), OID_COMMON_NAME)) {
			text_quote(&text, buf_span(&n->val));
			break;
		}
	const char *kept = arena_text(arena, span_text(text_view(&text)));
	text_release(&text);
	return kept ? kept : "";
}

enum chain_result x509_chain_verify(const struct span *der, size_t len,
				    const struct trust_store *store, int32_t today,
				    struct arena *arena, const char **anchor)
{
	*anchor = "";
	mbedtls_x509_crt given;
	mbedtls_x509_crt_init(&given);
	bool unreadable = false;
	enum chain_result result = CHAIN_MALFORMED;
	for (size_t i = 0; i < len && i < CHAIN_GIVEN_MAX; i++) {
		int bad = mbedtls_x509_crt_parse_der_nocopy(&given, der[i].at, der[i].len);
		if (bad && i == 0)
			goto out;
		unreadable = unreadable || bad;
	}
	if (!len)
		goto out;
	struct search search = {
		.given = &given,
		.anchors = &store->anchors,
		.today = today,
		.signatures_left = CHAIN_SIGNATURES_MAX,
		.best = NO_PATH,
	};
	search_leaf(&search, &given);
	result = search_result(&search, unreadable);
	*anchor = anchor_name(search.best_anchor, arena);
	/* RFC 5280 4.2.1.12: a certificate that is not for servers proves none. */
	if (result == CHAIN_TRUSTED &&
	    mbedtls_x509_crt_check_extended_key_usage(&given, MBEDTLS_OID_SERVER_AUTH,
						      MBEDTLS_OID_SIZE(MBEDTLS_OID_SERVER_AUTH)))
		result = CHAIN_WRONG_PURPOSE;
out:
	mbedtls_x509_crt_free(&given);
	return result;
}
