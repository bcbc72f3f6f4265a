/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/postgres_dialogue.h"
#include "upgrade/upgrades.h"

static void start(struct upgrade_dialogue *dialogue)
{
	if (dialogue->plaintext)
		postgres_ask_session(dialogue);
	else
		postgres_ask_tls(dialogue);
}

static void answer(struct upgrade_dialogue *dialogue)
{
	if (dialogue->plaintext)
		postgres_session_answer(dialogue);
	else
		postgres_tls_answer(dialogue);
}

/* PostgreSQL forks for each connection, and counts each against max_connections. */
const struct upgrade upgrade_postgresql = {
	.name = "postgresql",
	.port = 5432,
	.concurrency = 8,
	.has_plaintext = true,
	.speaks_postgresql = true,
	.start = start,
	.answer = answer,
};
