/* hello_offer.h - the versions and suites that a server may choose from, of a ClientHello. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_HELLO_OFFER_H
#define LIVE_HELLO_OFFER_H

#include "policy/ruling.h"
#include "wire/client_hello.h"
#include "wire/sslv2.h"

/*
 * `offer` is what policy_hello rules. Its suites are all of the hello's, in its order, repetitions,
 * signals and GREASE included. Its versions are what a server may answer with:
 *
 * - With supported_versions, those that the list names and that exist from SSLv3 on; legacy_version
 *   plays no part, and what is unknown is ignored (RFC 8446 4.2.1).
 * - Without it, client_version is the highest and every older version down to SSLv3 is offered with
 *   it (RFC 5246 E.1). That is never more than TLS 1.2: 0x0304 and whatever is higher count as TLS
 *   1.2 (RFC 8446 4.2.1, D.2). Below 0x0300 there is none.
 * - An SSLv2 CLIENT-HELLO of version 2 offers SSLv2 and no suite: policy_hello knows its kinds as
 *   one cell. A compatible one, of a later version, offers what client_version does, with the
 *   suites among its kinds (a zero in front), and SSLv2 if any other kind is there (RFC 5246 E.2).
 *
 * The set may be empty, and so may the pairs: then policy_hello has next to nothing to say.
 */
struct hello_offer {
	struct offer offer;

	/* What a server sees that is older than supported_versions and goes by client_version. Its
	 * answer may be of these although `offer` has it not. */
	version_set old_versions;
	bool listed; /* the hello has supported_versions */
	bool sslv2;  /* it is a CLIENT-HELLO of SSLv2, compatible or not */

	/* What was passed over: entries of supported_versions, and of the suites. */
	size_t grease_versions, unknown_versions, grease_suites;
	size_t kinds; /* kinds of SSLv2 itself */
	bool renegotiation_scsv;
	/* A server that has a later version than the highest of these refuses the hello with
	 * inappropriate_fallback (RFC 7507 3), even where the policy accepts all its pairs. */
	bool fallback_scsv;
};

/*
 * offer_of reads a decoded hello; `suites` has room for list_u16_len(hello->suites) and outlives
 * `out`. An extension that leniency left undecoded counts as absent: judge what is strict.
 */
void offer_of(struct hello_offer *out, const struct client_hello *hello, uint16_t *suites);

/* offer_of_sslv2 does the same with a CLIENT-HELLO; `suites` has room for kinds.len / 3. */
void offer_of_sslv2(struct hello_offer *out, const struct sslv2_client_hello *hello,
		    uint16_t *suites);

#endif
