/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/combination.h"
#include "registry/cipher_suite.h"
#include "script/policy_show.h"
#include "script/policy_writer.h"

#include <stdio.h>

#define LABEL_MAX   512
#define SUITE_WIDTH 48 /* the longest registered name, with room */
#define CELL_WIDTH  12

/* A row of the table: a cell a version, as it is shown. */
struct row {
	char cell[VERSIONS_LEN][16];
};

/* The last cell has no blanks behind it. */
static void row_write(struct text *out, int width, const char *label, const struct row *row)
{
	text_printf(out, "%-*s  ", width, label);
	for (unsigned v = SSLV2; v + 1 < VERSIONS_LEN; v++)
		text_printf(out, "%-*s", CELL_WIDTH, row->cell[v]);
	text_printf(out, "%s\n", row->cell[VERSIONS_LEN - 1]);
}

static void heading_write(struct text *out, int width, const char *label)
{
	struct row row;
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		snprintf(row.cell[v], sizeof(row.cell[v]), "%s", version_name((enum version)v));
	row_write(out, width, label, &row);
}

static void settings_write(struct text *out, const struct settings *settings)
{
	const struct policy *policy = settings->policy;
	text_printf(out, "policy %s\n", policy->name);
	for (size_t i = 0; i < policy->settings_len; i++)
		text_printf(out, "%s=%s\n", policy->settings[i].name,
			    policy->settings[i].values[settings->value[i]]);
}

/* The widest label that combinations of these settings can have. */
static int label_width(const struct combination *combination, const struct policy *policy)
{
	size_t width = strlen("version");
	size_t sum = 2;
	for (size_t i = 0; i < combination->len; i++) {
		const struct setting *setting = &policy->settings[combination->settings[i]];
		size_t widest = 0;
		for (size_t v = 0; v < setting->values_len; v++) {
			size_t len = strlen(setting->values[v]);
			widest = len > widest ? len : widest;
		}
		sum += strlen(setting->name) + widest + 1 + (i > 0);
	}
	width = sum > width ? sum : width;
	return width < LABEL_MAX ? (int)width : LABEL_MAX;
}

/* Every combination of the settings that versions depend on; `>` marks the one in force. */
static void versions_write(struct text *out, const struct settings *settings)
{
	unsigned kinds = TABLE_BIT(TABLE_VERSION) | TABLE_BIT(TABLE_SUITE);
	struct combination combination = combination_of(settings->policy, kinds);
	struct settings each = *settings;
	int width = label_width(&combination, settings->policy);
	text_printf(out, "\n");
	heading_write(out, width, "version");
	combination_first(&combination, &each);
	do {
		char label[LABEL_MAX] = "> ";
		struct row row;
		bool in_force = memcmp(each.value, settings->value, sizeof(each.value)) == 0;
		label[0] = in_force ? '>' : ' ';
		combination_label(label + 2, sizeof(label) - 2, &combination, &each);
		for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
			struct ruling ruling = policy_version(&each, (enum version)v);
			ruling_label(row.cell[v], &ruling);
		}
		row_write(out, width, label, &row);
	} while (combination_next(&combination, &each));
}

/* A suite's cells; "." where it does not exist. */
static struct row suite_row(const struct settings *settings, uint16_t code)
{
	struct row row;
	const struct cipher_suite *suite = cipher_suite_by_code(code);
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++) {
		struct ruling ruling = policy_suite(settings, (enum version)v, code);
		if (suite && !cipher_suite_in(suite, (enum version)v))
			snprintf(row.cell[v], sizeof(row.cell[v]), ".");
		else
			ruling_label(row.cell[v], &ruling);
	}
	return row;
}

static bool row_differs(const struct row *row, const struct row *other)
{
	for (unsigned v = SSLV2; v < VERSIONS_LEN; v++)
		if (strcmp(row->cell[v], ".") != 0 && strcmp(row->cell[v], other->cell[v]) != 0)
			return true;
	return false;
}

/* The suites that are ruled otherwise than a code that nobody knows, and the rest in one row. */
static void suites_write(struct text *out, const struct settings *settings)
{
	struct row other = suite_row(settings, SUITE_UNKNOWN);
	text_printf(out, "\n");
	heading_write(out, SUITE_WIDTH, "suite");
	for (size_t i = 0; i < cipher_suites_len; i++) {
		char label[CIPHER_SUITE_LABEL_MAX];
		if (cipher_suite_is_signal(cipher_suites[i].code))
			continue;
		struct row row = suite_row(settings, cipher_suites[i].code);
		if (!row_differs(&row, &other))
			continue;
		cipher_suite_label(label, cipher_suites[i].code);
		row_write(out, SUITE_WIDTH, label, &row);
	}
	row_write(out, SUITE_WIDTH, "every other", &other);
}

void policy_matrix(struct text *out, const struct settings *settings)
{
	settings_write(out, settings);
	versions_write(out, settings);
	if (policy_has_table(settings->policy, TABLE_SUITE))
		suites_write(out, settings);
}
