/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/ruling.h"
#include "policy/rule.h"
#include "registry/registry.h"

static const struct ruling silence = { .kind = RULING_SILENT };

const char *ruling_cite(const struct ruling *ruling)
{
	return ruling->rule ? ruling->rule->table->cite : NULL;
}

static struct ruling version_row(const struct settings *settings, enum version version)
{
	struct cell cell = cell_version(version);
	return cell_rule(settings, &cell);
}

static struct ruling suite_row(const struct settings *settings, enum version version, uint16_t code)
{
	struct cell cell = cell_suite(version, code);
	return cell_rule(settings, &cell);
}

/* Every suite of a version rejected: by which row, and whether any of the rejections is inferred.
 */
struct emptiness {
	bool empty, inferred;
	const struct rule *rule;
};

/* The row for "everything else" says it best; else the first row that rejects a suite. */
static void emptiness_note(struct emptiness *emptiness, const struct ruling *ruling)
{
	emptiness->inferred |= ruling->inferred;
	bool better = emptiness->rule && emptiness->rule->form != SUBJECT_ANY &&
		      ruling->rule->form == SUBJECT_ANY;
	if (!emptiness->rule || better)
		emptiness->rule = ruling->rule;
}

/* SSLv2 has no registered suites: what `*` says of its kinds stands for all of them. */
static struct emptiness version_emptiness(const struct settings *settings, enum version version)
{
	struct emptiness out = { .empty = policy_has_table(settings->policy, TABLE_SUITE) };
	if (version == SSLV2) {
		struct ruling kinds = suite_row(settings, version, 0);
		out.empty = kinds.kind == RULING_REJECT;
		if (out.empty)
			emptiness_note(&out, &kinds);
		return out;
	}
	for (size_t i = 0; out.empty && i < cipher_suites_len; i++) {
		const struct cipher_suite *suite = &cipher_suites[i];
		if (!suite->registered || cipher_suite_is_signal(suite->code) ||
		    !cipher_suite_in(suite, version))
			continue;
		struct ruling row = suite_row(settings, version, suite->code);
		out.empty = row.kind == RULING_REJECT;
		if (out.empty)
			emptiness_note(&out, &row);
	}
	return out;
}

struct ruling policy_version(const struct settings *settings, enum version version)
{
	struct ruling row = version_row(settings, version);
	if (row.kind != RULING_ACCEPT && row.kind != RULING_SHOULD)
		return row;
	struct emptiness emptiness = version_emptiness(settings, version);
	if (!emptiness.empty)
		return row;
	if (settings->strict)
		return (struct ruling){ .kind = RULING_REJECT,
					.inferred = emptiness.inferred,
					.rule = emptiness.rule,
					.against = row.rule };
	return (struct ruling){ .kind = RULING_CONFLICT,
				.inferred = row.inferred || emptiness.inferred,
				.rule = row.rule,
				.against = emptiness.rule };
}

/* How much a ruling forbids; silence and conflict forbid nothing. */
static unsigned severity(enum ruling_kind kind)
{
	return kind == RULING_CONFLICT ? 0 : (unsigned)kind;
}

/* The version does not reject: it may still say less than the suite's row does. */
static struct ruling under_version(struct ruling version, struct ruling suite)
{
	if (suite.kind == RULING_SILENT || suite.kind == RULING_REJECT)
		return suite;
	switch (version.kind) {
	case RULING_SILENT:
		return (struct ruling){ .kind = RULING_SILENT, .rule = version.rule };
	case RULING_CONFLICT:
		return version;
	case RULING_MAY:
	case RULING_SHOULD_NOT:
		if (suite.kind == RULING_CONFLICT)
			return suite;
		return severity(version.kind) > severity(suite.kind) ? version : suite;
	default:
		return suite;
	}
}

static struct ruling suite_cell(const struct settings *settings, enum version version,
				uint16_t code)
{
	struct ruling row = suite_row(settings, version, code);
	if (!policy_has_table(settings->policy, TABLE_VERSION))
		return row;
	struct ruling above = version_row(settings, version);
	if (above.kind == RULING_REJECT)
		return row.kind == RULING_REJECT && !row.inferred ? row : above;
	return under_version(above, row);
}

struct ruling policy_suite(const struct settings *settings, enum version version, uint16_t suite)
{
	/* Signals select nothing, in SSLv2 as well: its three-byte kinds are no code of these. */
	if (version != SSLV2 && (cipher_suite_is_signal(suite) || code_is_grease(suite)))
		return silence;
	return suite_cell(settings, version, suite);
}

struct ruling policy_plaintext(const struct settings *settings)
{
	return policy_subject(settings, TABLE_PLAINTEXT, VERSION_NONE, "startup");
}

struct ruling policy_subject(const struct settings *settings, enum table_kind kind,
			     enum version version, const char *subject)
{
	struct cell cell = cell_subject(kind, version, subject);
	return cell_rule(settings, &cell);
}
