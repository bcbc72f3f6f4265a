/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "script/policy_parse.h"

/*
 * The three forms of a table:
 *   LIST     SUBJECT [at V...] CELL               no `by`
 *   VALUES   SUBJECT [at V...] CELL CELL ...      the header names values of the one setting
 *   SUBJECTS VALUE [VALUE] CELL CELL ...          the header names subjects
 */
enum form { FORM_LIST, FORM_VALUES, FORM_SUBJECTS };

#define COLUMNS_MAX 64

struct layout {
	enum form form;
	struct rule columns[COLUMNS_MAX]; /* of each: the subject, or the value in by[0] */
	size_t columns_len;
};

static const struct rule blank_rule = { .versions = VERSIONS_ALL,
					.by = { POLICY_ANY, POLICY_ANY },
					.from = DATE_NONE,
					.until = DATE_NONE };

static bool kind_read(struct reader *r, struct words *words, enum table_kind *out)
{
	const char *names[TABLES_LEN + 1] = { NULL };
	for (unsigned k = 0; k < TABLES_LEN; k++) {
		names[k] = table_kind_name((enum table_kind)k);
		*out = (enum table_kind)k;
		if (words_accept(words, names[k]))
			return true;
	}
	if (!words_peek(words))
		return reader_expected(r, words, "what the table is about");
	return reader_unknown(r, words_peek(words), "kind of table", names);
}

/* KIND [by SETTING [SETTING]] [cite "SECTION"] */
static bool title_read(struct reader *r, struct words *words, struct table *table)
{
	if (!kind_read(r, words, &table->kind))
		return false;
	if (words_accept(words, "by")) {
		do {
			const struct token *token = words_peek(words);
			if (!token || token->kind != TOKEN_WORD)
				return reader_expected(r, words, "a setting");
			if (table->by_len == POLICY_BY_MAX)
				return reader_expected(r, words, "'cite' or the end of the line");
			if (!reader_setting(r, token, token->text, &table->by[table->by_len]))
				return false;
			if (table->by_len == 1 && table->by[0] == table->by[1])
				return complain_at(r->diags, token->at,
						   "the setting is named twice");
			table->by_len++;
			words_take(words);
		} while (words_peek(words) && !token_is(words_peek(words), "cite"));
	}
	return reader_cite(r, words, &table->cite) && reader_done(r, words);
}

/* A setting's values head a column each, unless the kind has subjects of its own for columns. */
static enum form header_form(const struct reader *r, const struct table *table,
			     const struct words *words)
{
	const struct token *first = words_peek(words);
	const struct setting *setting = &r->policy->settings[table->by[0]];
	bool by_kind = table->kind == TABLE_VERSION || table->kind == TABLE_PLAINTEXT;
	if (by_kind || table->by_len > 1 || setting_value(setting, first->text) == SIZE_MAX)
		return FORM_SUBJECTS;
	return FORM_VALUES;
}

static bool same_column(const struct layout *layout, const struct rule *a, const struct rule *b)
{
	return layout->form == FORM_VALUES ? a->by[0] == b->by[0]
					   : strcmp(a->subject, b->subject) == 0;
}

static bool column_read(struct reader *r, const struct table *table, struct layout *layout,
			struct words *words)
{
	struct place at = words_place(words);
	if (layout->columns_len == COLUMNS_MAX)
		return complain_at(r->diags, at, "a table has at most %d columns", COLUMNS_MAX);
	struct rule *column = &layout->columns[layout->columns_len];
	*column = blank_rule;
	column->table = table;
	const char *sha256 = NULL;
	if (layout->form == FORM_SUBJECTS && !subject_read(r, words, column, &sha256))
		return false;
	if (layout->form == FORM_VALUES &&
	    !reader_value(r, table->by[0], words_take(words), &column->by[0]))
		return false;
	for (size_t i = 0; i < layout->columns_len; i++)
		if (same_column(layout, &layout->columns[i], column))
			return complain_at(r->diags, at, "the column stands twice");
	layout->columns_len++;
	return true;
}

static bool header_read(struct reader *r, const struct table *table, struct layout *layout,
			const struct source_line *line)
{
	struct words words = words_of(line);
	enum ruling_kind kind;
	bool inferred;
	for (size_t i = 0; i < line->tokens_len; i++)
		if (ruling_word(line->tokens[i].text, &kind, &inferred))
			return complain_at(r->diags, line->tokens[i].at,
					   "a table 'by' a setting begins with a line that "
					   "names its columns");
	layout->form = header_form(r, table, &words);
	while (words_peek(&words))
		if (!column_read(r, table, layout, &words))
			return false;
	return true;
}

/* The row as it is quoted beside a ruling: its tokens, one blank between. */
static const char *row_text(struct reader *r, const struct source_line *line)
{
	struct text text;
	text_init(&text);
	for (size_t i = 0; i < line->tokens_len; i++) {
		const struct token *token = &line->tokens[i];
		bool quoted = token->kind == TOKEN_STRING;
		text_printf(&text, "%s%s", i && token->kind != TOKEN_COMMA ? " " : "",
			    quoted ? "\"" : "");
		text_append(&text, token->text);
		text_append(&text, span_of("\"", quoted));
	}
	const char *out = arena_text(r->arena, span_text(text_view(&text)));
	text_release(&text);
	return out ? out : "";
}

/* VALUE [VALUE], where `*` stands for any */
static bool values_read(struct reader *r, struct words *words, struct rule *rule)
{
	for (size_t i = 0; i < rule->table->by_len; i++) {
		const struct token *token = words_peek(words);
		if (!token)
			return reader_expected(r, words, "a value");
		if (!token_is(token, "*") &&
		    !reader_value(r, rule->table->by[i], token, &rule->by[i]))
			return false;
		words_take(words);
	}
	return true;
}

/* SUBJECT [at V...] */
static bool label_read(struct reader *r, struct words *words, struct rule *rule,
		       const char **sha256)
{
	if (!subject_read(r, words, rule, sha256))
		return false;
	struct place at = words_place(words);
	if (!words_accept(words, "at"))
		return true;
	if (rule->table->kind == TABLE_VERSION || rule->table->kind == TABLE_PLAINTEXT ||
	    rule->table->kind == TABLE_CERTIFICATE)
		return complain_at(r->diags, at, "a row of a %s table takes no 'at'",
				   table_kind_name(rule->table->kind));
	rule->at_written = true;
	return reader_versions(r, words, &rule->versions);
}

static bool cells_read(struct reader *r, struct words *words, const struct layout *layout,
		       const struct rule *label, const char *sha256)
{
	for (size_t i = 0; i < layout->columns_len; i++) {
		const struct rule *column = &layout->columns[i];
		struct rule rule = *label;
		if (!words_peek(words))
			return complain_at(r->diags, words->end,
					   "the row has %zu cells, its table has %zu columns", i,
					   layout->columns_len);
		if (layout->form == FORM_VALUES) {
			rule.by[0] = column->by[0];
		} else {
			rule.subject = column->subject;
			rule.form = column->form;
			rule.suite = column->suite;
		}
		if (!cell_read(r, words, &rule, sha256))
			return false;
	}
	if (words_peek(words))
		return complain_at(r->diags, words_place(words),
				   "the row has more cells than its table has columns, %zu",
				   layout->columns_len);
	return true;
}

static bool row_read(struct reader *r, const struct table *table, const struct layout *layout,
		     const struct source_line *line)
{
	struct words words = words_of(line);
	struct rule label = blank_rule;
	const char *sha256 = NULL;
	label.table = table;
	label.row = row_text(r, line);
	if (layout->form == FORM_SUBJECTS ? !values_read(r, &words, &label)
					  : !label_read(r, &words, &label, &sha256))
		return false;
	if (layout->form != FORM_LIST)
		return cells_read(r, &words, layout, &label, sha256);
	return cell_read(r, &words, &label, sha256) && reader_done(r, &words);
}

/* Whether the rule is the first of its row. */
static bool heads_row(const struct reader *r, size_t first, size_t i)
{
	return i == first || r->policy->rules[i]->at.line != r->policy->rules[i - 1]->at.line;
}

/* In a grid of values a row can stand only once. */
static void check_twice(struct reader *r, const struct table *table, size_t first)
{
	for (size_t i = first; i < r->policy->rules_len; i++) {
		const struct rule *rule = r->policy->rules[i];
		for (size_t j = first; heads_row(r, first, i) && j < i; j++) {
			const struct rule *other = r->policy->rules[j];
			if (rule->by[0] != other->by[0] || rule->by[1] != other->by[1])
				continue;
			complain_at(r->diags, (struct place){ table->at.file, rule->at.line, 1 },
				    "the row for these values stands already in line %u",
				    other->at.line);
			break;
		}
	}
}

static struct table *table_add(struct reader *r)
{
	struct policy *policy = r->policy;
	void *grown = reader_grow(r, policy->tables, policy->tables_len, &r->tables_cap,
				  sizeof(struct table *));
	struct table *table = arena_alloc(r->arena, sizeof(*table));
	if (!grown || !table)
		return NULL;
	policy->tables = grown;
	policy->tables[policy->tables_len++] = table;
	return table;
}

/* rule->table points at the table while it is read, so its rules are gathered at its end. */
static void table_close(struct reader *r, struct table *table, size_t first)
{
	table->rules_len = r->policy->rules_len - first;
	const struct rule **rules = arena_array(r->arena, table->rules_len, sizeof(*rules));
	for (size_t i = 0; rules && i < table->rules_len; i++)
		rules[i] = r->policy->rules[first + i];
	table->rules = rules;
	if (!rules)
		table->rules_len = 0;
}

void table_read(struct reader *r, struct words *words, struct place at)
{
	struct table *table = table_add(r);
	if (!table)
		return;
	table->at = at;
	size_t first = r->policy->rules_len, rows = 0;
	bool ok = title_read(r, words, table);
	struct layout layout = { .form = FORM_LIST };
	for (const struct source_line *line; (line = reader_row(r)) != NULL; rows++) {
		if (!ok)
			continue;
		if (rows == 0 && table->by_len)
			ok = header_read(r, table, &layout, line);
		else
			row_read(r, table, &layout, line);
	}
	if (ok && rows <= (table->by_len ? 1 : 0))
		complain_at(r->diags, at, "the table has no rows");
	if (layout.form == FORM_SUBJECTS)
		check_twice(r, table, first);
	table_close(r, table, first);
}
