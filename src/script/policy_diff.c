/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/cipher_suite.h"
#include "script/policy_show.h"
#include "script/policy_writer.h"

#include <stdio.h>

/* A comparison under way. */
struct comparing {
	struct text *out;
	const struct settings *a, *b;
	size_t count;
};

static void compare(struct comparing *c, const char *id, struct ruling a, struct ruling b)
{
	char before[16], after[16];
	if (ruling_same(&a, &b))
		return;
	ruling_label(before, &a);
	ruling_label(after, &b);
	text_printf(c->out, "%s: %s -> %s\n", id, before, after);
	c->count++;
}

static void compare_suite(struct comparing *c, enum version version, uint16_t code,
			  const char *label)
{
	char id[128];
	snprintf(id, sizeof(id), "suite/%s/%s", version_name(version), label);
	compare(c, id, policy_suite(c->a, version, code), policy_suite(c->b, version, code));
}

static void compare_version(struct comparing *c, enum version version)
{
	char id[32];
	snprintf(id, sizeof(id), "version/%s", version_name(version));
	compare(c, id, policy_version(c->a, version), policy_version(c->b, version));
	for (size_t i = 0; i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		char label[CIPHER_SUITE_LABEL_MAX];
		if (cipher_suite_is_signal(suite->code) || !cipher_suite_in(suite, version))
			continue;
		cipher_suite_label(label, suite->code);
		compare_suite(c, version, suite->code, label);
	}
	compare_suite(c, version, SUITE_UNKNOWN, "*");
}

/* A subject once without a version, or, where a row is written `at` one, version by version. */
static void compare_subject(struct comparing *c, enum table_kind kind, const char *subject)
{
	const char *shown = strcmp(subject, SUBJECT_OTHER) == 0 ? "*" : subject;
	char id[160];
	size_t before = c->count;
	snprintf(id, sizeof(id), "%s/%s", table_kind_name(kind), shown);
	compare(c, kind == TABLE_PLAINTEXT ? "plaintext" : id,
		policy_subject(c->a, kind, VERSION_NONE, subject),
		policy_subject(c->b, kind, VERSION_NONE, subject));
	bool versioned = c->count == before;
	for (unsigned v = SSLV3; versioned && v < VERSIONS_LEN; v++) {
		snprintf(id, sizeof(id), "%s/%s/%s", table_kind_name(kind),
			 version_name((enum version)v), shown);
		compare(c, id, policy_subject(c->a, kind, (enum version)v, subject),
			policy_subject(c->b, kind, (enum version)v, subject));
	}
}

static void compare_kind(struct comparing *c, enum table_kind kind)
{
	struct subjects subjects = { .len = 0 };
	subjects_add(&subjects, c->a->policy, kind);
	subjects_add(&subjects, c->b->policy, kind);
	for (size_t i = 0; i < subjects.len; i++)
		compare_subject(c, kind, subjects.at[i]);
	if (subjects.any)
		compare_subject(c, kind, SUBJECT_OTHER);
}

size_t policy_diff(struct text *out, const struct settings *a, const struct settings *b)
{
	struct comparing comparing = { .out = out, .a = a, .b = b };
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		compare_version(&comparing, (enum version)v);
	for (unsigned kind = TABLE_PLAINTEXT; kind < TABLES_LEN; kind++)
		compare_kind(&comparing, (enum table_kind)kind);
	return comparing.count;
}
