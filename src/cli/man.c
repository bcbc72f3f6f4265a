/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/man.h"

#include <ctype.h>
#include <stdlib.h>

/* Roff reads a backslash, and a dot or a quote at the start of a line, as orders. */
static void put_escaped(FILE *out, const char *text, size_t len, bool line_start)
{
	for (size_t i = 0; i < len; i++) {
		if (line_start && (text[i] == '.' || text[i] == '\''))
			fputs("\\&", out);
		if (text[i] == '\\')
			fputs("\\e", out);
		else if (text[i] == '-')
			fputs("\\-", out);
		else
			fputc(text[i], out);
		line_start = text[i] == '\n';
	}
}

static void put_text(FILE *out, const char *text)
{
	put_escaped(out, text, strlen(text), true);
}

/* "tlsgauge check" as "tlsgauge-check". */
static void page_name(char *out, size_t cap, const char *who)
{
	snprintf(out, cap, "%s", who);
	for (char *at = out; *at; at++)
		*at = *at == ' ' ? '-' : *at;
}

static void put_head(FILE *out, const char *name, const char *summary, size_t summary_len)
{
	fputs(".TH ", out);
	for (const char *at = name; *at; at++)
		fputc(toupper((unsigned char)*at), out);
	fprintf(out, " 1 \"\" \"tlsgauge %s\"\n.SH NAME\n", TLSGAUGE_VERSION);
	put_text(out, name);
	fputs(" \\- ", out);
	put_escaped(out, summary, summary_len, false);
	fputc('\n', out);
}

static void put_option(FILE *out, const struct argp_option *option)
{
	if (!option->name) {
		if (option->doc)
			fprintf(out, ".SS %s\n", option->doc);
		return;
	}
	fputs(".TP\n", out);
	if (option->key > ' ' && option->key < 0x7F)
		fprintf(out, "\\fB\\-%c\\fR, ", option->key);
	fputs("\\fB\\-\\-", out);
	put_escaped(out, option->name, strlen(option->name), false);
	fputs("\\fR", out);
	if (option->arg)
		fprintf(out, "=\\fI%s\\fR", option->arg);
	fputc('\n', out);
	put_text(out, option->doc ? option->doc : "");
	fputc('\n', out);
}

/* Lines that begin with blanks are examples, to be kept as they are. */
static void put_paragraphs(FILE *out, const char *text, size_t len)
{
	bool literal = false;
	const char *end = text + len;
	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t line = (size_t)((stop ? stop : end) - text);
		bool example = line && text[0] == ' ';
		if (example != literal)
			fputs(example ? ".PP\n.nf\n" : ".fi\n.PP\n", out);
		literal = example;
		put_escaped(out, text, line, true);
		fputc('\n', out);
		text += line + (stop != NULL);
	}
	if (literal)
		fputs(".fi\n", out);
}

void man_command(FILE *out, const char *who, const struct argp *argp)
{
	char name[64];
	const char *doc = argp->doc ? argp->doc : "";
	size_t before = strcspn(doc, "\v");
	page_name(name, sizeof(name), who);
	put_head(out, name, doc, strcspn(doc, ".\n\v"));
	fprintf(out, ".SH SYNOPSIS\n\\fB%s\\fR [\\fIOPTION\\fR...] %s\n.SH DESCRIPTION\n", who,
		argp->args_doc ? argp->args_doc : "");
	put_paragraphs(out, doc, before);
	fputs(".SH OPTIONS\n", out);
	const struct argp_option *option = argp->options;
	for (; option->name || option->key || option->doc || option->group; option++)
		put_option(out, option);
	if (doc[before]) {
		fputs(".SH NOTES\n", out);
		put_paragraphs(out, doc + before + 1, strlen(doc + before + 1));
	}
}

void man_tool(FILE *out)
{
	static const char summary[] = "prove what a TLS endpoint accepts and rejects";
	put_head(out, "tlsgauge", summary, strlen(summary));
	fputs(".SH SYNOPSIS\n\\fBtlsgauge\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...]\n"
	      ".SH COMMANDS\n",
	      out);
	for (const struct command *command = commands; command->name; command++)
		fprintf(out, ".TP\n\\fB%s\\fR\n%s\n", command->name, command->help);
	fputs(".SH EXIT STATUS\n", out);
	static const char *const statuses[] = {
		"everything that was judged conforms",
		"at least one cell does not conform",
		"usage, or an input that cannot be read; nothing was sent",
		"nothing failed, but something stayed inconclusive",
		"a fault of the tool itself",
	};
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		fprintf(out, ".TP\n%zu\n%s\n", i, statuses[i]);
}
