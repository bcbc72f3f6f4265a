/* offer.h - ClientHellos for the scripted server, with shares whose private keys we have. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HANDSHAKE_OFFER_H
#define TESTS_HANDSHAKE_OFFER_H

#include "base/arena.h"
#include "handshake/handshake.h"

#define OFFER_SUITES_MAX 8

/* Zero members mean: the groups x25519 and secp256r1, a share of x25519, every extension. */
struct offer {
	enum version version; /* the highest; TLS1_3 offers TLS 1.2 as well with `also_tls12` */
	bool also_tls12, bare;
	uint16_t suites[OFFER_SUITES_MAX]; /* ended by 0 */
	uint16_t share;
	struct span session_id, ticket, cookie;
	bool no_extended_master_secret, no_encrypt_then_mac, psk_only;
	const struct resumption *resume; /* of TLS 1.3: a pre_shared_key is offered */
	struct span before;		 /* its binder covers this as well */
};

/* offer_message writes the handshake message into `arena`. */
struct span offer_message(struct arena *arena, const struct offer *offer);

#endif
