/* binder.h - the proof, inside a TLS 1.3 ClientHello, that we hold the PSK which it offers. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDSHAKE_BINDER_H
#define HANDSHAKE_BINDER_H

#include "crypto/key_schedule.h"
#include "handshake/handshake.h"

/* handshake_binder_len returns the bytes of a binder for the session's suite; 0 for none of ours.
 */
size_t handshake_binder_len(uint16_t suite);

/*
 * handshake_psk_binder computes the binder of a resumption PSK (RFC 8446 4.2.11.2). `truncated` is
 * the ClientHello message from its header to the end of the identities, its length fields as if the
 * list of binders stood behind; `before` is what handshake_retry_transcript returned, or empty for
 * a first hello. Faults: UNSUPPORTED (no suite of TLS 1.3, or a secret of another length), CRYPTO.
 */
MUST_USE enum fault handshake_psk_binder(uint8_t out[HASH_MAX], size_t *out_len,
					 const struct resumption *resume, struct span before,
					 struct span truncated);

/*
 * handshake_retry_transcript views the replaced first hello and the HelloRetryRequest while a
 * second hello is awaited, else nothing: a binder of the second hello covers them.
 */
struct span handshake_retry_transcript(const struct handshake *handshake);

#endif
