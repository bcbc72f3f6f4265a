/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/postgres_dialogue.h"
#include "upgrade/upgrades.h"

static void start(struct upgrade_dialogue *dialogue)
{
	if (dialogue->plaintext)
		postgres_ask_session(dialogue);
	else
		dialogue->state = UPGRADE_READY;
}

/* TLS from the first byte (PostgreSQL 17): without this ALPN the server closes after the handshake.
 */
const struct upgrade upgrade_postgresql_direct = {
	.name = "postgresql-direct",
	.port = 5432,
	.concurrency = 8,
	.alpn = "postgresql",
	.has_plaintext = true,
	.speaks_postgresql = true,
	.start = start,
	.answer = postgres_session_answer,
};
