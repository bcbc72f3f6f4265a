/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/probe.h"

#include "probe/case_answer.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

#include <stdio.h>

const char *probe_purpose_name(enum probe_purpose purpose)
{
	static const char *const names[] = {
		[PURPOSE_SINGLE] = "single",	   [PURPOSE_GROUP] = "group",
		[PURPOSE_CONTROL] = "control",	   [PURPOSE_NEGATIVE] = "negative control",
		[PURPOSE_AUDIT] = "audit",	   [PURPOSE_CONFIRM] = "confirmation",
		[PURPOSE_PLAINTEXT] = "plaintext", [PURPOSE_FEATURE] = "feature",
		[PURPOSE_CASE] = "case",	   [PURPOSE_GENERATED] = "generated",
		[PURPOSE_CANARY] = "canary",
	};
	return names[purpose];
}

const char *depth_name(enum depth depth)
{
	static const char *const names[] = { "hello", "finished", "session" };
	return names[depth];
}

bool depth_by_name(struct span name, enum depth *out)
{
	for (enum depth depth = DEPTH_HELLO; depth <= DEPTH_SESSION; depth++) {
		if (span_is(name, depth_name(depth))) {
			*out = depth;
			return true;
		}
	}
	return false;
}

static void suite_label(char *out, size_t out_len, const struct probe *probe, size_t i)
{
	if (probe->kind == PROBE_SSLV2) {
		const char *name = registry_name(&registry_sslv2_kinds, probe->suites[i]);
		if (name)
			snprintf(out, out_len, "%s", name);
		else
			snprintf(out, out_len, "0x%06X", probe->suites[i]);
		return;
	}
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, (uint16_t)probe->suites[i]);
	snprintf(out, out_len, "%s", label);
}

/* Appends " of N suites (A, B, ...)", as many names as fit. */
static void describe_suites(char *out, size_t out_len, const struct probe *probe)
{
	static const char more[] = ", ...)";
	char label[CIPHER_SUITE_LABEL_MAX];
	int n = snprintf(out, out_len, " of %zu suites (", probe->suites_len);
	size_t at = n < 0 ? out_len : (size_t)n;
	for (size_t i = 0; i < probe->suites_len && at + sizeof(more) < out_len; i++) {
		suite_label(label, sizeof(label), probe, i);
		size_t need = strlen(label) + (i ? 2 : 0);
		if (at + need + sizeof(more) > out_len) {
			snprintf(out + at, out_len - at, "%s", i ? more : more + 2);
			return;
		}
		snprintf(out + at, out_len - at, "%s%s", i ? ", " : "", label);
		at += need;
	}
	if (at < out_len)
		snprintf(out + at, out_len - at, ")");
}

void probe_describe(char *out, size_t out_len, const struct probe *probe)
{
	if (probe->kind == PROBE_PLAINTEXT) {
		snprintf(out, out_len, "a session without TLS");
		return;
	}
	if (probe->kind == PROBE_CASE) {
		const struct conformance_case *of = probe->conduct->of;
		snprintf(out, out_len, "%s %s%s%s", version_name(probe->version),
			 probe_purpose_name(probe->purpose), of ? " " : "", of ? of->name : "");
		return;
	}
	if (probe->kind == PROBE_RAW) {
		snprintf(out, out_len, "%s %zu bytes", probe_purpose_name(probe->purpose),
			 probe->raw.bytes.len);
		return;
	}
	int n = snprintf(out, out_len, "%s %s", version_name(probe->version),
			 probe_purpose_name(probe->purpose));
	size_t at = n < 0 ? out_len : (size_t)n;
	if (at >= out_len)
		return;
	if (probe->suites_len != 1) {
		describe_suites(out + at, out_len - at, probe);
		return;
	}
	char label[CIPHER_SUITE_LABEL_MAX];
	suite_label(label, sizeof(label), probe, 0);
	snprintf(out + at, out_len - at, " %s", label);
}

void shape_name(char *out, size_t out_len, const struct shape *shape)
{
	if (shape->bare)
		snprintf(out, out_len, "bare");
	else
		snprintf(out, out_len, "%s%sgroups%s,sigalgs,ems,etm,ticket",
			 shape->server_name ? "sni," : "", shape->alpn ? "alpn," : "",
			 shape->ffdhe_groups ? "+ffdhe" : "");
}
