/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"
#include "cli/explain.h"
#include "registry/cipher_suite.h"
#include "script/policy_show.h"

#define LINE_MAX_COLUMNS 98

static void put_ruling_word(struct text *out, const struct ruling *ruling)
{
	text_join(out, ruling_name(ruling->kind), ruling->inferred ? "?" : "");
}

static void put_row(struct text *out, const char *before, const struct rule *rule)
{
	if (!rule)
		return;
	text_printf(out, "%s%s:%u: %s", before, rule->at.file, rule->at.line, rule->row);
	if (rule->table->cite)
		text_join(out, " (\"", rule->table->cite, "\")");
}

static void put_rows(struct text *out, const char *before, const struct ruling *ruling)
{
	put_row(out, before, ruling->rule);
	put_row(out, ", against ", ruling->against);
}

/* From the highest down, as groups are. */
static void put_versions(struct text *out, version_set versions)
{
	bool first = true;
	for (unsigned v = VERSIONS_LEN; v-- > SSLV2;) {
		if (!(versions & VERSION_BIT(v)))
			continue;
		text_join(out, first ? "" : " ", version_name((enum version)v));
		first = false;
	}
}

/* Names one after the other, in lines that are not too long. */
static void put_suites(struct text *out, const uint16_t *suites, size_t len, size_t indent)
{
	size_t column = LINE_MAX_COLUMNS;
	for (size_t i = 0; i < len; i++) {
		char label[CIPHER_SUITE_LABEL_MAX];
		cipher_suite_label(label, suites[i]);
		if (column + strlen(label) + 2 > LINE_MAX_COLUMNS) {
			text_printf(out, "\n%*s", (int)indent, "");
			column = indent;
		} else {
			text_put_char(out, ' ');
			column++;
		}
		text_join(out, label, i + 1 < len ? "," : "");
		column += strlen(label) + 1;
	}
	text_put_char(out, '\n');
}

static void put_settings(struct text *out, const struct settings *settings)
{
	const struct policy *policy = settings->policy;
	text_join(out, "  policy     ", policy->name);
	for (size_t i = 0; i < policy->settings_len; i++) {
		const struct setting *setting = &policy->settings[i];
		text_join(out, " ", setting->name, "=", setting->values[settings->value[i]]);
	}
	text_put(out, settings->strict ? " --strict\n" : "\n");
}

static void put_offer(struct text *out, const struct hello_offer *hello)
{
	const struct offer *offer = &hello->offer;
	text_put(out, "  offers     ");
	put_versions(out, offer->versions);
	text_join(out, offer->versions ? "" : "no version", " by its ",
		  hello->sslv2	  ? "version"
		  : hello->listed ? "supported_versions"
				  : "client_version");
	if (hello->kinds)
		text_printf(out, ", %zu kind%s of SSLv2", hello->kinds,
			    hello->kinds == 1 ? "" : "s");
	if (offer->suites_len || !hello->kinds)
		text_printf(out, ", %zu suite%s", offer->suites_len,
			    offer->suites_len == 1 ? "" : "s");
	if (hello->grease_suites || hello->grease_versions)
		text_put(out, ", GREASE");
	text_join(out, hello->renegotiation_scsv ? ", TLS_EMPTY_RENEGOTIATION_INFO_SCSV" : "",
		  hello->fallback_scsv ? ", TLS_FALLBACK_SCSV" : "");
	if (hello->unknown_versions)
		text_printf(out, ", %zu unknown version%s", hello->unknown_versions,
			    hello->unknown_versions == 1 ? "" : "s");
	text_put_char(out, '\n');
}

static void put_remarks(struct text *out, const struct explained *explained)
{
	struct text remarks;
	text_init(&remarks);
	explain_remarks(&remarks, explained);
	const char *at = text_view(&remarks);
	for (size_t len; *at; at += len + 1) {
		len = strcspn(at, "\n");
		text_put(out, "  note       ");
		text_append(out, span_of(at, len));
		text_put_char(out, '\n');
	}
	text_release(&remarks);
}

static void put_head(struct text *out, const struct explained *explained)
{
	const struct ruling *ruling = &explained->account.ruling;
	text_quote(out, span_text(explained->file.name));
	text_put(out, ": ");
	put_ruling_word(out, ruling);
	put_row(out, "\n  by         ", ruling->rule);
	put_row(out, "\n  against    ", ruling->against);
	text_put(out, "\n  because    ");
	explain_reason(out, explained);
	text_put_char(out, '\n');
	explain_captured_text(out, explained);
	put_settings(out, explained->settings);
	put_offer(out, &explained->hello);
	put_remarks(out, explained);
}

/* Versions in a row that read alike are told together. */
static void put_version_rulings(struct text *out, const struct explained *explained)
{
	const struct ruling *rulings = explained->account.versions;
	version_set versions = explained->hello.offer.versions;
	text_put(out, versions ? "\n  versions\n" : "");
	while (versions) {
		unsigned v = version_set_highest(versions);
		version_set alike = 0;
		for (unsigned w = v + 1; w-- > SSLV2;) {
			if (!(versions & VERSION_BIT(w)))
				continue;
			if (!rulings_agree(&rulings[v], &rulings[w]))
				break;
			alike |= VERSION_BIT(w);
		}
		text_put(out, "    ");
		put_versions(out, alike);
		text_put(out, ": ");
		put_ruling_word(out, &rulings[v]);
		put_rows(out, ", ", &rulings[v]);
		text_put_char(out, '\n');
		versions = (version_set)(versions & ~alike);
	}
}

static void put_answers(struct text *out, const struct explained *explained)
{
	const struct hello_account *account = &explained->account;
	text_printf(out, "\n  answers\n    a refusal %s\n",
		    conformity_name(conformity_of_refusal(&account->ruling)));
	for (size_t i = 0; i < account->groups_len; i++) {
		const struct pair_group *group = &account->groups[i];
		text_put(out, "    ");
		put_versions(out, group->versions);
		text_printf(out, " %s: ", conformity_name(conformity_of_answer(&group->ruling)));
		put_ruling_word(out, &group->ruling);
		put_rows(out, ", ", &group->ruling);
		if (group->versions == VERSION_BIT(SSLV2))
			text_put(out, "\n      every kind of cipher\n");
		else
			put_suites(out, group->suites, group->suites_len, 6);
	}
}

static void put_listed(struct text *out, const char *word, version_set versions)
{
	text_put(out, versions ? word : "");
	put_versions(out, versions);
}

static void put_version_edit(struct text *out, const struct hello_offer *hello,
			     const struct offer_edit *edit)
{
	version_set versions = hello->offer.versions;
	version_set then = (version_set)((versions & ~edit->drop_versions) | edit->add_versions);
	if (then == versions)
		return;
	if (!hello->listed && !(then & VERSION_BIT(TLS1_3))) {
		text_join(out, edit->drop_versions ? "lower" : "raise", " client_version to ",
			  version_name(version_set_highest(then)));
	} else {
		put_listed(out, "drop ", edit->drop_versions & versions);
		text_put(out, edit->drop_versions && edit->add_versions ? ", " : "");
		put_listed(out, "add ", edit->add_versions);
		text_put(out, edit->add_versions ? " to" : " from");
		text_put(out, " supported_versions");
	}
	text_put(out, edit->drop_len || edit->add_len ? "; " : "");
}

static void put_edit(struct text *out, const struct hello_offer *hello, const struct flip *flip)
{
	const struct offer_edit *edit = &flip->edit;
	put_version_edit(out, hello, edit);
	if (edit->drop_len)
		text_printf(out, "drop %zu suite%s", edit->drop_len,
			    edit->drop_len == 1 ? "" : "s");
	if (edit->drop_len && edit->add_len)
		text_put(out, ", ");
	if (edit->add_len)
		text_put(out, edit->add_len == 1 ? "add one suite" : "add one of these suites");
	put_rows(out, ", by ", &flip->ruling);
	if (edit->drop_len)
		text_put(out, "\n      drop");
	if (edit->drop_len)
		put_suites(out, edit->drop, edit->drop_len, 8);
	if (edit->add_len)
		text_put(out, edit->drop_len ? "      add" : "\n      add");
	if (edit->add_len)
		put_suites(out, edit->add, edit->add_len, 8);
	else if (!edit->drop_len)
		text_put_char(out, '\n');
}

static void put_setting_flip(struct text *out, const struct settings *settings,
			     const struct flip *flip)
{
	const struct settings then = flip_settings(settings, flip);
	const struct setting *setting = flip_setting(settings, flip);
	if (setting)
		text_join(out, "--set ", setting->name, "=", setting->values[flip->value]);
	else if (flip->kind == FLIP_STRICT)
		text_join(out, then.strict ? "" : "without ", "--strict");
	else
		text_join(out, settings_holds(&then, flip->condition) ? "" : "without ",
			  explain_condition(flip->condition));
	put_rows(out, ", by ", &flip->ruling);
	if (flip->forbidden)
		text_printf(out, "; line %u forbids that change", flip->forbidden->at.line);
	text_put_char(out, '\n');
}

/* Those of the hello, or the others; how many. */
static size_t put_flips(struct text *out, const struct explained *explained, bool of_hello)
{
	size_t len = 0;
	for (size_t i = 0; i < explained->flips.len; i++) {
		const struct flip *flip = &explained->flips.at[i];
		char label[16];
		if ((flip->kind == FLIP_HELLO) != of_hello)
			continue;
		ruling_label(label, &flip->ruling);
		text_printf(out, "    %-8s ",
			    flip->ruling.kind == RULING_SILENT ? "silent" : label);
		if (of_hello)
			put_edit(out, &explained->hello, flip);
		else
			put_setting_flip(out, explained->settings, flip);
		len++;
	}
	return len;
}

void explain_text(struct text *out, const struct explained *explained)
{
	put_head(out, explained);
	put_version_rulings(out, explained);
	put_answers(out, explained);
	text_put(out, "\n  flipped by a change of the hello\n");
	if (!put_flips(out, explained, true))
		text_put(out, "    none: no suite or version that goes or comes flips it\n");
	text_put(out, "\n  flipped by a change of the settings\n");
	if (!put_flips(out, explained, false))
		text_put(out, "    none: no other value of a setting flips it\n");
}

void explain_text_malformed(struct text *out, const struct explained *explained,
			    const struct wire_error *error)
{
	text_quote(out, span_text(explained->file.name));
	text_printf(out, ": malformed\n  because    offset %zu: %s %s\n  demanded   ",
		    error->offset, error->field, error->what);
	explain_demand(out, explained, error);
	text_put_char(out, '\n');
	explain_captured_text(out, explained);
}
