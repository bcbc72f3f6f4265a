/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_refusal.h"

#include <assert.h>

struct row {
	const char *name, *text;
	enum postgres_gate gate;
};

static const struct row rows[] = {
#define X(kind, name, gate, text) { name, text, POSTGRES_GATE_##gate },
	PG_REFUSAL_LIST(X)
#undef X
};

#define ROWS_LEN (sizeof(rows) / sizeof(rows[0]))

/* A firewall row of the managed service prints two of these at once: the first in the list wins. */
static const struct phrase {
	const char *text;
	enum pg_refusal_kind kind;
} phrases[] = {
	{ "TLS version used does not meet minimal requirements", PG_REFUSAL_TLS_VERSION },
	{ "no pg_hba.conf entry", PG_REFUSAL_NO_HBA_ENTRY },
	{ "pg_hba.conf rejects", PG_REFUSAL_HBA_REJECT },
	{ "SSL connection is required", PG_REFUSAL_TLS_REQUIRED },
	{ "SSL required", PG_REFUSAL_TLS_REQUIRED },
	{ "requires a valid client certificate", PG_REFUSAL_CLIENT_CERTIFICATE },
	{ "ertificate authentication failed", PG_REFUSAL_CLIENT_CERTIFICATE },
	{ "TLS certificate required", PG_REFUSAL_CLIENT_CERTIFICATE },
	{ "received unencrypted data after SSL request", PG_REFUSAL_UNENCRYPTED_DATA },
	{ "channel binding check failed", PG_REFUSAL_CHANNEL_BINDING },
	{ "unsupported frontend protocol", PG_REFUSAL_PROTOCOL },
	{ "authentication failed", PG_REFUSAL_PASSWORD },
	{ "is not permitted to log in", PG_REFUSAL_ROLE },
	{ "no such user", PG_REFUSAL_ROLE },
	{ "no such database", PG_REFUSAL_DATABASE },
	{ "not currently accepting connections", PG_REFUSAL_DATABASE },
};

static const struct phrase routines[] = {
	{ "ClientAuthentication", PG_REFUSAL_HBA },
	{ "auth_failed", PG_REFUSAL_PASSWORD },
	{ "InitializeSessionUserId", PG_REFUSAL_ROLE },
};

static const struct phrase states[] = {
	{ "28P01", PG_REFUSAL_PASSWORD },
	{ "3D000", PG_REFUSAL_DATABASE },
	{ "0A000", PG_REFUSAL_PROTOCOL },
};

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

enum pg_refusal_kind pg_refusal_kind(const struct refusal *refusal)
{
	if (refusal->overload)
		return PG_REFUSAL_OVERLOAD;
	/* The same words, "does not exist", speak of roles and of databases. */
	if (strcmp(refusal->sqlstate, "28000") == 0 && strstr(refusal->message, "does not exist"))
		return PG_REFUSAL_ROLE;
	for (size_t i = 0; i < LEN(phrases); i++)
		if (strstr(refusal->message, phrases[i].text))
			return phrases[i].kind;
	for (size_t i = 0; i < LEN(routines); i++)
		if (strcmp(refusal->routine, routines[i].text) == 0)
			return routines[i].kind;
	for (size_t i = 0; i < LEN(states); i++)
		if (strcmp(refusal->sqlstate, states[i].text) == 0)
			return states[i].kind;
	return PG_REFUSAL_OTHER;
}

const char *pg_refusal_name(enum pg_refusal_kind kind)
{
	assert((size_t)kind < ROWS_LEN);
	return rows[kind].name;
}

const char *pg_refusal_text(enum pg_refusal_kind kind)
{
	assert((size_t)kind < ROWS_LEN);
	return rows[kind].text;
}

enum postgres_gate pg_refusal_gate(enum pg_refusal_kind kind)
{
	assert((size_t)kind < ROWS_LEN);
	return rows[kind].gate;
}

enum pg_encryption pg_refusal_encryption(const struct refusal *refusal)
{
	const char *text = refusal->message;
	if (strstr(text, "no encryption") || strstr(text, "SSL off"))
		return PG_ENCRYPTION_NONE;
	if (strstr(text, "SSL encryption") || strstr(text, "SSL on"))
		return PG_ENCRYPTION_TLS;
	return PG_ENCRYPTION_UNSAID;
}
