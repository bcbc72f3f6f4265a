/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/hello_command.h"
#include "cli/options.h"

enum key { KEY_FORMAT = 256, KEY_LENIENT };

struct words {
	const char *who;
	char **files;
	int files_len;
	bool json;
	unsigned leniency;
};

static const struct argp_option options[] = {
	{ "format", KEY_FORMAT, "text|json", 0,
	  "annotated hexadecimal (the default), or one JSON object a line", 0 },
	{ "lenient", KEY_LENIENT, "NAME[,NAME]", 0,
	  "let a rule pass: trailing-bytes, long-session-id, odd-suites, empty-suites, "
	  "empty-compression, no-null-compression, duplicate-extensions, extensions-tail, "
	  "extension-bodies, psk-not-last, or all of them with 'all'",
	  0 },
	{ 0 },
};

static const char doc[] =
	"Decode each FILE, or standard input for '-' or none. A file holds TLS records, a bare "
	"handshake message or an SSLv2 hello, as bytes or as hexadecimal digits.\v"
	"Examples:\n"
	"  tlsgauge hello decode client.bin\n"
	"  tlsgauge hello decode --format json *.bin | jq -r .ja4\n"
	"  tlsgauge hello decode --lenient odd-suites,trailing-bytes odd.bin\n\n"
	"Exit status: 0 every file was decoded, 2 one was not.";

static int no_leniency(const struct words *words, struct span name)
{
	const char *names[LENIENCIES_LEN + 1] = { 0 };
	char word[64];
	for (size_t i = 0; i < LENIENCIES_LEN; i++)
		names[i] = leniency_word(i);
	snprintf(word, sizeof(word), "%.*s", (int)name.len, (const char *)name.at);
	const char *nearest = text_nearest(word, names);
	if (nearest)
		return complain(words->who, "unknown leniency '%s'; did you mean '%s'?", word,
				nearest);
	return complain(words->who, "unknown leniency '%s'; '%s --help' lists them", word,
			words->who);
}

static error_t take_leniencies(struct words *words, const char *text)
{
	for (;;) {
		struct span name = span_of(text, strcspn(text, ","));
		unsigned bits = leniency_by_word(name);
		if (bits == 0)
			return no_leniency(words, name);
		words->leniency |= bits;
		text += name.len;
		if (*text == '\0')
			return 0;
		text++;
	}
}

static error_t take_format(struct words *words, const char *text)
{
	words->json = strcmp(text, "json") == 0;
	if (words->json || strcmp(text, "text") == 0)
		return 0;
	return complain(words->who, "unknown format '%s'; there are 'text' and 'json'", text);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct words *words = state->input;
	switch (key) {
	case KEY_FORMAT:
		return take_format(words, text);
	case KEY_LENIENT:
		return take_leniencies(words, text);
	case ARGP_KEY_ARGS:
		words->files = state->argv + state->next;
		words->files_len = state->argc - state->next;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options, .parser = parse, .args_doc = "[FILE...]", .doc = doc
};

static int show(const struct words *words, struct text *out, enum fault fault, int status)
{
	if (fault == FAULT_NONE)
		fault = out->fault;
	if (fault == FAULT_NONE)
		fwrite(text_view(out), 1, out->len, stdout);
	text_release(out);
	return fault == FAULT_NONE ? status : complain_fault(words->who, fault);
}

/* Nothing of a file that is refused goes to standard output but its object. */
static int refuse(const struct words *words, const char *name, const char *sentence,
		  const struct wire_error *error)
{
	struct text out;
	int status = complain(words->who, "%s", sentence);
	if (!words->json)
		return status;
	text_init(&out);
	enum fault fault = hello_json_error(&out, name, sentence, error);
	return show(words, &out, fault, status);
}

static int refuse_hello(const struct words *words, const char *name, const struct wire_error *error)
{
	char sentence[1024];
	snprintf(sentence, sizeof(sentence), "'%s', offset %zu: %s %s", name, error->offset,
		 error->field, error->what);
	return refuse(words, name, sentence, error);
}

static int decode_file(const struct words *words, const char *path, struct arena *arena)
{
	struct hello_file file = {
		.name = strcmp(path, "-") == 0 ? "standard input" : path,
		.arena = arena,
		.leniency = words->leniency,
	};
	struct span bytes;
	struct wire_error error;
	struct text out;
	char why[512];
	if (hello_file_read(&bytes, arena, path, HELLO_FILE_MAX, why, sizeof(why)) != FAULT_NONE)
		return refuse(words, file.name, why, NULL);
	if (hello_input_read(&file.input, bytes, words->leniency, arena, &error) != FAULT_NONE)
		return refuse_hello(words, file.name, &error);
	text_init(&out);
	enum fault fault = words->json ? hello_json(&out, &file) : hello_text(&out, &file);
	return show(words, &out, fault, STATUS_PASS);
}

int hello_verb_decode(int argc, char **argv)
{
	static char input[] = "-";
	char *only[] = { input };
	struct words words = { .who = argv[0] };
	int worst = options_parse(&argp, argc, argv, &words);
	if (worst != STATUS_PASS)
		return worst;
	if (words.files_len == 0) {
		words.files = only;
		words.files_len = 1;
	}
	for (int i = 0; i < words.files_len; i++) {
		struct arena arena;
		if (i && !words.json)
			putchar('\n');
		arena_init(&arena, HELLO_ARENA_MAX);
		int status = decode_file(&words, words.files[i], &arena);
		arena_release(&arena);
		worst = status > worst ? status : worst;
	}
	return worst;
}
