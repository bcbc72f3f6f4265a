/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/target.h"

#include <arpa/inet.h>
#include <stdio.h>

#include "base/hex.h"
#include "base/text.h"
#include "cli/options.h"

#define SCHEMES_MAX 32
#define SAY(...)    (snprintf(why, why_len, __VA_ARGS__), FAULT_USAGE)

static enum fault scheme_parse(struct target *out, struct span name, char *why, size_t why_len)
{
	const char *names[SCHEMES_MAX + 1] = { 0 };
	char word[32];
	out->has_scheme = true;
	out->upgrade = upgrade_by_name(name);
	if (out->upgrade)
		return FAULT_NONE;
	for (size_t i = 0; i < SCHEMES_MAX && upgrade_name_at(i); i++)
		names[i] = upgrade_name_at(i);
	snprintf(word, sizeof(word), "%.*s", (int)name.len, (const char *)name.at);
	const char *nearest = text_nearest(word, names);
	if (nearest)
		return SAY("unknown scheme '%s'; did you mean '%s'?", word, nearest);
	return SAY("unknown scheme '%s'; '%s' and '%s' are known ones", word, names[0], names[1]);
}

static bool is_name_character(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '-' || c == '.' || c == '_';
}

static bool is_v6_character(uint8_t c)
{
	return hex_digit(c) >= 0 || c == ':' || c == '.';
}

static enum fault host_parse(struct target *out, struct span host, bool bracketed, char *why,
			     size_t why_len)
{
	uint8_t address[16];
	if (host.len == 0)
		return SAY("the target names no host");
	if (host.len >= sizeof(out->host))
		return SAY("the host name is longer than %d characters", HOST_MAX - 1);
	for (size_t i = 0; i < host.len; i++) {
		if (bracketed ? !is_v6_character(host.at[i]) : !is_name_character(host.at[i]))
			return SAY("the host '%.*s' has a character that no host name has",
				   (int)host.len, (const char *)host.at);
	}
	memcpy(out->host, host.at, host.len);
	out->host[host.len] = '\0';
	out->literal = inet_pton(bracketed ? AF_INET6 : AF_INET, out->host, address) == 1;
	if (bracketed && !out->literal)
		return SAY("'[%s]' is no IPv6 address", out->host);
	return FAULT_NONE;
}

static enum fault port_parse(struct target *out, struct span port, char *why, size_t why_len)
{
	uint64_t number;
	if (number_parse(&number, port, 1, UINT16_MAX) != FAULT_NONE)
		return SAY("the port '%.*s' is not a number from 1 to 65535", (int)port.len,
			   (const char *)port.at);
	out->port = (uint16_t)number;
	return FAULT_NONE;
}

/* Splits HOST[:PORT] or [ADDRESS][:PORT]; `port` is absent (at == NULL) where none is written. */
static enum fault split(struct span rest, struct span *host, struct span *port, bool *bracketed,
			char *why, size_t why_len)
{
	const uint8_t *end = rest.at + rest.len, *colon;
	*port = span_of(NULL, 0);
	*bracketed = rest.len && rest.at[0] == '[';
	if (*bracketed) {
		const uint8_t *close = memchr(rest.at, ']', rest.len);
		if (!close)
			return SAY("a bracket is not closed in '%.*s'", (int)rest.len,
				   (const char *)rest.at);
		*host = span_of(rest.at + 1, (size_t)(close - rest.at - 1));
		if (close + 1 < end && close[1] != ':')
			return SAY("only a port can follow the bracket in '%.*s'", (int)rest.len,
				   (const char *)rest.at);
		if (close + 1 < end)
			*port = span_of(close + 2, (size_t)(end - close - 2));
		return FAULT_NONE;
	}
	colon = memchr(rest.at, ':', rest.len);
	if (colon && memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		return SAY("an IPv6 address is written in brackets: '[%.*s]'", (int)rest.len,
			   (const char *)rest.at);
	*host = span_of(rest.at, colon ? (size_t)(colon - rest.at) : rest.len);
	if (colon)
		*port = span_of(colon + 1, (size_t)(end - colon - 1));
	return FAULT_NONE;
}

enum fault target_parse(struct target *out, const char *text, const struct upgrade *fallback,
			char *why, size_t why_len)
{
	*out = (struct target){ .upgrade = fallback };
	const char *separator = strstr(text, "://");
	struct span rest = span_text(separator ? separator + 3 : text), host, port;
	bool bracketed;
	enum fault fault = FAULT_NONE;
	if (separator)
		fault = scheme_parse(out, span_of(text, (size_t)(separator - text)), why, why_len);
	if (fault == FAULT_NONE)
		fault = split(rest, &host, &port, &bracketed, why, why_len);
	if (fault == FAULT_NONE)
		fault = host_parse(out, host, bracketed, why, why_len);
	if (fault != FAULT_NONE)
		return fault;
	if (port.at)
		return port_parse(out, port, why, why_len);
	out->port = out->upgrade->port;
	if (out->port == 0)
		return SAY("'%s' has no port of its own; write '%s:PORT'", out->upgrade->name,
			   text);
	return FAULT_NONE;
}

void target_print(char out[TARGET_MAX], const struct target *target)
{
	bool v6 = strchr(target->host, ':') != NULL;
	snprintf(out, TARGET_MAX, v6 ? "%s://[%s]:%u" : "%s://%s:%u", target->upgrade->name,
		 target->host, target->port);
}
