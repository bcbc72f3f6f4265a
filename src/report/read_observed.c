/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_internal.h"

#include <stdio.h>

#include "registry/registry.h"

#define KINDS_MAX 21845

static const char *outcome_at(size_t i)
{
	if (i > OUTCOME_UNREACHABLE)
		return NULL;
	return i == OUTCOME_NONE ? "none" : outcome_name((enum outcome)i);
}

static const char *layer_at(size_t i)
{
	if (i > LAYER_APPLICATION)
		return NULL;
	return i == LAYER_NONE ? "-" : layer_name((enum layer)i);
}

static const char *depth_at(size_t i)
{
	return i <= DEPTH_SESSION ? depth_name((enum depth)i) : NULL;
}

static const char *proof_at(size_t i)
{
	static const char *const words[] = { "-", "single", "group", NULL };
	return i < 4 ? words[i] : NULL;
}

static const char *level_at(size_t i)
{
	static const char *const words[] = { "unknown", "warning", "fatal", NULL };
	return i < 4 ? words[i] : NULL;
}

/* A name of the registry, or the number of a code that it does not hold. */
static uint32_t read_point(struct reading *in, const json_t *object, const char *key,
			   const struct registry *registry, uint64_t most)
{
	const char *text = reading_text(in, object, key);
	uint64_t code = 0;
	if (!text)
		return 0;
	const struct code_point *point = registry_by_name(registry, span_text(text));
	if (point)
		return point->code;
	for (const char *at = text; *at; at++) {
		if (*at < '0' || *at > '9' || code > most) {
			reading_refuse(in, key, "is no name that is known: '%s'", text);
			return 0;
		}
		code = 10 * code + (uint64_t)(*at - '0');
	}
	if (code > most)
		reading_refuse(in, key, "is above %llu", (unsigned long long)most);
	return (uint32_t)code;
}

static void read_kinds(struct reading *in, const json_t *object, struct observation *out)
{
	size_t len;
	const char **codes = reading_texts(in, object, "kinds", KINDS_MAX, &len);
	uint8_t *bytes = codes ? arena_alloc(in->arena, 3 * len) : NULL;
	if (codes && !bytes)
		reading_memory(in);
	for (size_t i = 0; bytes && i < len; i++) {
		unsigned kind;
		char end;
		if (sscanf(codes[i], "0x%6X%c", &kind, &end) != 1)
			reading_refuse(in, "observed.kinds", "holds what is no kind: '%s'",
				       codes[i]);
		else
			memcpy(bytes + 3 * i,
			       (const uint8_t[]){ (uint8_t)(kind >> 16), (uint8_t)(kind >> 8),
						  (uint8_t)kind },
			       3);
	}
	out->kinds = span_of(bytes, bytes ? 3 * len : 0);
}

static void read_hello(struct reading *in, const json_t *object, struct observation *out)
{
	const char *version = reading_text(in, object, "version");
	if (version && strncmp(version, "0x", 2) == 0) {
		out->version_code = (uint16_t)reading_code(in, object, "version", UINT16_MAX);
	} else {
		out->version = read_version(in, object, "version");
		out->version_code = version_code(out->version);
	}
	out->suite = (uint16_t)reading_code(in, object, "suite_code", UINT16_MAX);
	out->group = (uint16_t)read_point(in, object, "group", &registry_groups, UINT16_MAX);
	out->signature_scheme = (uint16_t)read_point(in, object, "signature_scheme",
						     &registry_signature_schemes, UINT16_MAX);
	out->dh_bits = (uint32_t)reading_int(in, object, "dh_bits", UINT32_MAX);
	read_kinds(in, object, out);
}

/* A message that does not fit a refusal's (replacements made it longer) stands beside it. */
static void read_refusal(struct reading *in, const json_t *object, struct observation *out)
{
	const char *sqlstate = reading_text(in, object, "sqlstate");
	const char *message = reading_text(in, object, "message");
	bool fits = message && strlen(message) < SERVER_MESSAGE_MAX;
	if (!sqlstate && (out->outcome != OUTCOME_REFUSED || !fits)) {
		out->message = message;
		return;
	}
	struct refusal *refusal = arena_alloc(in->arena, sizeof(*refusal));
	if (!refusal) {
		reading_memory(in);
		return;
	}
	if (sqlstate && strlen(sqlstate) >= sizeof(refusal->sqlstate))
		reading_refuse(in, "observed.sqlstate", "is no SQLSTATE: '%s'", sqlstate);
	else
		snprintf(refusal->sqlstate, sizeof(refusal->sqlstate), "%s",
			 sqlstate ? sqlstate : "");
	if (fits)
		snprintf(refusal->message, sizeof(refusal->message), "%s", message);
	else
		out->message = message;
	out->refusal = refusal;
}

static void read_circumstances(struct reading *in, const json_t *object, struct observation *out)
{
	out->after_server_hello = reading_bool(in, object, "after_server_hello");
	out->retried_hello = reading_bool(in, object, "followed_hello_retry_request");
	out->extra_bytes = reading_bool(in, object, "extra_bytes");
	out->overload = reading_bool(in, object, "overload");
	out->certificate_requested = reading_bool(in, object, "certificate_requested");
	out->broken = reading_text(in, object, "broken");
	out->unable = reading_text(in, object, "unable");
	out->session = reading_text(in, object, "session");
}

void read_observed(struct reading *in, const json_t *object, struct finding *out)
{
	struct observation *seen = &out->observed;
	seen->version = VERSION_NONE;
	if (!object)
		return;
	seen->outcome = (enum outcome)reading_word(in, object, "outcome", outcome_at, OUTCOME_NONE);
	if (seen->outcome == OUTCOME_SERVER_HELLO || seen->outcome == OUTCOME_HELLO_RETRY_REQUEST)
		read_hello(in, object, seen);
	seen->alert = (uint8_t)read_point(in, object, "alert", &registry_alerts, UINT8_MAX);
	seen->alert_level = (uint8_t)reading_word(in, object, "level", level_at, 0);
	out->proof = (enum proof)reading_word(in, object, "proof", proof_at, PROOF_NONE);
	out->group_len = (size_t)reading_int(in, object, "group_size", UINT32_MAX);
	seen->depth = (enum depth)reading_word(in, object, "depth", depth_at, DEPTH_HELLO);
	seen->layer = (enum layer)reading_word(in, object, "layer", layer_at, LAYER_NONE);
	read_refusal(in, object, seen);
	read_circumstances(in, object, seen);
	seen->attempts = (uint32_t)reading_int(in, object, "attempts", UINT32_MAX);
	seen->waited_ms = (uint32_t)reading_int(in, object, "waited_ms", UINT32_MAX);
	seen->ended_us = reading_us(in, object, "elapsed_ms");
}
