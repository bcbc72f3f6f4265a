/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/postgres_message.h"

#define MESSAGE_HEADER 5 /* type and length; the length counts itself, not the type */

static enum postgres_read read_version2(struct postgres_message *out, struct cursor *bytes)
{
	const uint8_t *text = bytes->base + bytes->at + 1;
	const uint8_t *end = memchr(text, 0, cursor_left(bytes) - 1);
	if (!end)
		return POSTGRES_PARTIAL;
	*out = (struct postgres_message){ .type = 'E',
					  .version2 = true,
					  .body = span_of(text, (size_t)(end - text)) };
	cursor_take(bytes, out->body.len + 2);
	return POSTGRES_MESSAGE;
}

enum postgres_read postgres_message_read(struct postgres_message *out, struct cursor *bytes)
{
	if (cursor_left(bytes) < 2)
		return POSTGRES_PARTIAL;
	struct cursor ahead = *bytes;
	uint8_t type = cursor_u8(&ahead);
	/* A length never has a first byte other than 0; the text of version 2 never has a 0 there.
	 */
	if (type == 'E' && ahead.base[ahead.at] != 0)
		return read_version2(out, bytes);
	if (ahead.base[ahead.at] != 0)
		return POSTGRES_MALFORMED;
	if (cursor_left(bytes) < MESSAGE_HEADER)
		return POSTGRES_PARTIAL;
	uint32_t len = cursor_u32(&ahead);
	if (len < 4 || len > UPGRADE_INPUT_MAX - 1)
		return POSTGRES_MALFORMED;
	struct span body = cursor_take(&ahead, len - 4);
	if (!cursor_ok(&ahead))
		return POSTGRES_PARTIAL;
	*out = (struct postgres_message){ .type = type, .body = body };
	*bytes = ahead;
	return POSTGRES_MESSAGE;
}

static void text_keep(char *out, size_t out_len, struct span text)
{
	size_t n = text.len < out_len ? text.len : out_len - 1;
	if (n)
		memcpy(out, text.at, n);
	out[n] = 0;
}

static bool mentions(const char *text, const char *const *phrases)
{
	for (; *phrases; phrases++)
		if (strstr(text, *phrases))
			return true;
	return false;
}

static bool is_overload(const struct refusal *refusal, bool version2)
{
	/* Protocol 2 has no SQLSTATE: the postmaster's own words when it cannot fork a backend. */
	static const char *const phrases[] = { "could not fork", "too many clients", "starting up",
					       "shutting down",	 "recovery mode",    NULL };
	if (version2)
		return mentions(refusal->message, phrases);
	return strncmp(refusal->sqlstate, "53", 2) == 0 || strcmp(refusal->sqlstate, "57P03") == 0;
}

static struct span cursor_string(struct cursor *c)
{
	const uint8_t *at = c->base + c->at;
	const uint8_t *end = cursor_left(c) ? memchr(at, 0, cursor_left(c)) : NULL;
	if (!end) {
		cursor_fail(c);
		return span_of(NULL, 0);
	}
	struct span text = cursor_take(c, (size_t)(end - at));
	cursor_u8(c);
	return text;
}

bool postgres_error_read(struct refusal *out, const struct postgres_message *message)
{
	*out = (struct refusal){ .overload = false };
	if (message->version2) {
		struct span text = message->body;
		while (text.len && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r'))
			text.len--;
		text_keep(out->message, sizeof(out->message), text);
		out->overload = is_overload(out, true);
		return true;
	}
	struct cursor c = cursor_over(message->body);
	for (uint8_t field = cursor_u8(&c); field != 0; field = cursor_u8(&c)) {
		struct span text = cursor_string(&c);
		if (field == 'C')
			text_keep(out->sqlstate, sizeof(out->sqlstate), text);
		else if (field == 'M')
			text_keep(out->message, sizeof(out->message), text);
		else if (field == 'F')
			text_keep(out->file, sizeof(out->file), text);
		else if (field == 'R')
			text_keep(out->routine, sizeof(out->routine), text);
	}
	out->overload = is_overload(out, false);
	return cursor_done(&c);
}

/* 28000 is raised in front of the gate and behind it; only its place tells which. */
static enum postgres_gate gate_of_28000(const struct refusal *refusal)
{
	static const char *const closed[] = {
		"no pg_hba.conf entry",
		"rejects connection",
		"no encryption",
		"SSL off",
		"SSL connection is required",
		NULL,
	};
	static const char *const passed[] = {
		"authentication failed",
		"does not exist",
		"is not permitted to log in",
		NULL,
	};
	if (strcmp(refusal->routine, "ClientAuthentication") == 0)
		return POSTGRES_GATE_CLOSED;
	if (strcmp(refusal->routine, "auth_failed") == 0 ||
	    strcmp(refusal->routine, "InitializeSessionUserId") == 0)
		return POSTGRES_GATE_PASSED;
	if (mentions(refusal->message, closed))
		return POSTGRES_GATE_CLOSED;
	if (mentions(refusal->message, passed))
		return POSTGRES_GATE_PASSED;
	return strcmp(refusal->file, "auth.c") == 0 ? POSTGRES_GATE_CLOSED : POSTGRES_GATE_UNKNOWN;
}

enum postgres_gate postgres_error_gate(const struct refusal *refusal)
{
	/* PgBouncer has one SQLSTATE for everything; it asks for TLS before it looks at names. */
	static const char *const bouncer_passed[] = { "no such user", "no such database", NULL };
	if (strcmp(refusal->sqlstate, "28000") == 0)
		return gate_of_28000(refusal);
	if (strcmp(refusal->sqlstate, "3D000") == 0 || strcmp(refusal->sqlstate, "28P01") == 0)
		return POSTGRES_GATE_PASSED;
	if (strcmp(refusal->sqlstate, "08P01") == 0) {
		if (strcmp(refusal->message, "SSL required") == 0)
			return POSTGRES_GATE_CLOSED;
		if (mentions(refusal->message, bouncer_passed))
			return POSTGRES_GATE_PASSED;
	}
	return POSTGRES_GATE_UNKNOWN;
}
