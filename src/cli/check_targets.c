/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "cli/file.h"

#define TARGETS_FILE_MAX ((size_t)16 << 20)
#define TARGETS_LEN_MAX	 1000
#define WORDS_MAX	 128

/* One line as words: blanks part them, double quotes keep blanks, # begins a comment. */
struct line {
	char *words[WORDS_MAX + 1];
	int len;
	const char *wrong;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Takes one word of `at` in place; returns what is behind it. */
static char *take_word(struct line *line, char *at)
{
	char *to = at;
	bool quoted = false;
	if (line->len == WORDS_MAX) {
		line->wrong = "has more words than are admitted";
		return at + strlen(at);
	}
	line->words[line->len++] = at;
	for (; *at && (quoted || !is_blank(*at)); at++) {
		if (*at == '"')
			quoted = !quoted;
		else
			*to++ = *at;
	}
	if (quoted)
		line->wrong = "has a double quote that is not closed";
	bool more = *at != '\0';
	*to = '\0';
	return at + more;
}

static void split(struct line *line, char *name, char *text)
{
	*line = (struct line){ .words = { name }, .len = 1 };
	for (char *at = text; *at && !line->wrong;) {
		if (is_blank(*at))
			at++;
		else if (*at == '#')
			break;
		else
			at = take_word(line, at);
	}
	line->words[line->len] = NULL;
}

static int add_check(struct checks *out, size_t *cap, struct line *line)
{
	struct check_options *options = arena_alloc(out->arena, sizeof(*options));
	struct check *check = arena_alloc(out->arena, sizeof(*check));
	struct check **items = arena_grow(out->arena, out->items, out->len, cap, sizeof(*items));
	if (!options || !check || !items)
		return complain_fault(out->options->who, out->arena->fault);
	out->items = items;
	int status = check_options_parse_line(options, out->options, line->len, line->words);
	if (status != STATUS_PASS)
		return status;
	if (!options->target)
		return complain(options->who, "a line begins with its TARGET");
	check->options = options;
	arena_init(&check->arena, RUN_ARENA_MAX);
	out->items[out->len++] = check;
	return check_setup(check);
}

static int read_line(struct checks *out, size_t *cap, struct span text, unsigned number)
{
	struct line line;
	const char *name = arena_printf(out->arena, "%s: %s:%u", out->options->who,
					out->options->targets, number);
	const char *copy = arena_text(out->arena, text);
	if (!name || !copy)
		return complain_fault(out->options->who, out->arena->fault);
	split(&line, (char *)(uintptr_t)name, (char *)(uintptr_t)copy);
	if (line.wrong)
		return complain(name, "the line %s", line.wrong);
	if (line.len == 1)
		return STATUS_PASS;
	if (out->len == TARGETS_LEN_MAX)
		return complain(name, "more than %d targets are listed", TARGETS_LEN_MAX);
	return add_check(out, cap, &line);
}

int check_targets_read(struct checks *out, const struct check_options *options, struct arena *arena)
{
	char why[512] = "";
	struct span text;
	size_t cap = 0;
	*out = (struct checks){ .options = options, .arena = arena };
	if (file_read(&text, arena, options->targets, TARGETS_FILE_MAX, why, sizeof(why)) !=
	    FAULT_NONE)
		return complain(options->who, "%s", why);
	for (unsigned number = 1; text.len; number++) {
		const uint8_t *end = memchr(text.at, '\n', text.len);
		struct span line = span_of(text.at, end ? (size_t)(end - text.at) : text.len);
		text = span_skip(text, line.len + 1);
		int status = read_line(out, &cap, line, number);
		if (status != STATUS_PASS)
			return status;
	}
	if (!out->len)
		return complain(options->who, "'%s' lists no target", options->targets);
	return STATUS_PASS;
}
