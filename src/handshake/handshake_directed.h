/* handshake_directed.h - a handshake whose caller decides what is sent, in which order and how
 * wrong: for conformance cases. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HANDSHAKE_HANDSHAKE_DIRECTED_H
#define HANDSHAKE_HANDSHAKE_DIRECTED_H

#include "base/builder.h"
#include "handshake/handshake.h"

/*
 * With options.directed the handshake reads the server's messages, keeps the transcript and the
 * keys, and sends nothing by itself: handshake_output stays empty until handshake_continue.
 * PHASE_OUR_TURN says that the server's flight is complete (ServerHelloDone; in TLS 1.3 its
 * Finished). What the server breaks first is in facts.violation; no alert is sent, PHASE_VIOLATED
 * is never reached, and reading goes on as long as records can be told apart: alerts are seen in
 * clear and under any keys of the connection. facts.alerts lists them all, and facts.phase is
 * PHASE_ALERTED from the first that ends the connection. A Finished that is wrong is a violation,
 * and PHASE_OUR_TURN or PHASE_FINISHED follows nevertheless in TLS 1.3, where keys depend on it.
 *
 * A hello that cannot be decoded makes a handshake that is PHASE_UNABLE from the start, with
 * VIOLATION_NONE: it still reads alerts in clear and counts what it sees. So does one that becomes
 * unable later. In PHASE_RETRY, handshake_retry (or noting a client_hello) gives the second hello.
 */

/* handshake_body returns the body of a message that would be right now: certificate (empty, or the
 * client's), client_key_exchange, certificate_verify, finished. Absent when it cannot be made. It
 * lives in the arena. */
struct span handshake_body(struct handshake *handshake, uint8_t type);

/*
 * handshake_note_message tells that a handshake message of ours, header included, was sent: it goes
 * into the transcript, behind the server's flight if that is not complete yet. The hello of the
 * options is there from the start: do not note it. A client_key_exchange that is the one of
 * handshake_body makes the keys; in TLS 1.3 our Finished, right or wrong, makes the application
 * keys, and only a right one PHASE_FINISHED. A key_update noted after it makes our next keys.
 */
void handshake_note_message(struct handshake *handshake, struct span whole);

/* handshake_note_change_cipher_spec tells that ours was sent: TLS 1.2 and below protect from here
 * on, if keys are known. */
void handshake_note_change_cipher_spec(struct handshake *handshake);

/* handshake_is_sealing says whether what is sent now has to be protected, and can be; a
 * change_cipher_spec of TLS 1.3 goes in clear nevertheless. */
bool handshake_is_sealing(const struct handshake *handshake);

/*
 * handshake_seal_record writes one protected record; `spoil` flips that many bits of its MAC or
 * tag. `version` is the record's version field. Faults: CRYPTO, TOO_LARGE, UNSUPPORTED (nothing to
 * seal with).
 */
MUST_USE enum fault handshake_seal_record(struct handshake *handshake, struct builder *out,
					  uint8_t type, uint16_t version, struct span fragment,
					  unsigned spoil);

/*
 * handshake_continue puts the rest of our flight, all as it should be, into the output: at once, or
 * as soon as it is our turn. PHASE_FINISHED follows once the server's Finished came, after which
 * handshake_read and handshake_seal_record serve application data. PHASE_UNABLE if the
 * client_key_exchange that was noted makes no keys.
 */
void handshake_continue(struct handshake *handshake);

/* handshake_messages_after returns the server's handshake messages that came after the end, headers
 * included, the first 64 KiB: tickets, key updates, a renegotiation. None of them is followed but
 * tickets and key updates of TLS 1.3; none is answered. */
struct span handshake_messages_after(const struct handshake *handshake);

#endif
