/* postgres_dialogue.h - PostgreSQL's two ways to begin: SSLRequest, and a startup without TLS. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef UPGRADE_POSTGRES_DIALOGUE_H
#define UPGRADE_POSTGRES_DIALOGUE_H

#include "upgrade/upgrade.h"

/*
 * postgres_ask_tls sends an SSLRequest. Never a GSSENCRequest before it: a server that says yes to
 * that one reads the SSLRequest as a token and hangs.
 */
void postgres_ask_tls(struct upgrade_dialogue *dialogue);

/* postgres_ask_session sends a StartupMessage 3.0 in clear; names over 127 bytes are cut. */
void postgres_ask_session(struct upgrade_dialogue *dialogue);

/*
 * postgres_tls_answer reads one byte: S is READY, N is REFUSED, E is REFUSED once the whole
 * ErrorResponse was read; anything else is GARBAGE.
 */
void postgres_tls_answer(struct upgrade_dialogue *dialogue);

/*
 * postgres_session_answer reads messages until the server asks for authentication (PLAINTEXT) or
 * reports an error: REFUSED for overload and for an error of pg_hba.conf or a gateway, PLAINTEXT
 * for one from behind that gate, and GARBAGE, with the refusal kept, for any other: what cannot be
 * told apart is not a refusal.
 */
void postgres_session_answer(struct upgrade_dialogue *dialogue);

#endif
