/* cases_command.h - what the verbs of `tlsgauge cases` share. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_CASES_COMMAND_H
#define CLI_CASES_COMMAND_H

#include "base/limits.h"
#include "case/encode.h"
#include "cli/case_source.h"
#include "cli/command.h"

#define CASES_WORDS_MAX 512
#define CASES_FILES_MAX 64

enum cases_key {
	CASES_KEY_THEME = 256,
	CASES_KEY_FORMAT,
	CASES_KEY_FILE,
	CASES_KEY_AT,
	CASES_KEY_MEMBER,
	CASES_KEY_STEP,
	CASES_KEY_HEX,
	CASES_KEY_ALL,
	CASES_KEY_CANONICAL,
	CASES_KEY_CHECK_FORMAT,
	CASES_KEY_OUTPUT = 'o',
};

/* The words of one verb: which of them it takes, its own option table says. */
struct cases_words {
	const char *who, *theme, *format, *output, *directory;
	const char *names[CASES_WORDS_MAX], *files[CASES_FILES_MAX];
	size_t names_len, files_len;
	enum version at; /* VERSION_NONE: not said */
	bool has_member, hex, canonical, check_format;
	uint64_t member, step; /* step 0: all */
};

struct argp_option;

/* cases_words_parse reads a verb's command line; STATUS_PASS, or STATUS_USAGE after a sentence. */
int cases_words_parse(struct cases_words *out, int argc, char **argv,
		      const struct argp_option *options, const char *args_doc, const char *doc);

/* cases_load reads the cases that the words speak of, built in or of --file, and selects those that
 * `names` say. STATUS_PASS, or STATUS_USAGE after a sentence. */
int cases_load(struct case_source *out, struct arena *arena, const struct cases_words *words);

/* One case, asked in one version, as one member of its family. */
struct cases_choice {
	const struct conformance_case *of;
	enum version version;
	uint32_t member;
	const uint32_t *members;
	size_t members_len;
};

/*
 * cases_choose finds the one case that the words name: "NAME", or "NAME/VERSION/MEMBER", with or
 * without the "case/" of its id. STATUS_PASS, or STATUS_USAGE after a sentence.
 */
int cases_choose(struct cases_choice *out, const struct case_source *source,
		 const struct cases_words *words, struct arena *arena);

/* What one step sends, with its field map; of other steps `bytes.len` is 0. */
struct cases_sent {
	const struct step *step;
	struct span bytes;
	const struct field *fields;
	size_t fields_len;
};

/*
 * cases_play encodes every step of the choice, one cases_sent for each. What only a connection
 * knows has stand-ins. Faults: those of case_show_step; `*fell` is then the step.
 */
MUST_USE enum fault cases_play(struct cases_sent **out, const struct cases_choice *choice,
			       struct arena *arena, size_t *fell);

/* cases_versions lists the versions that a case is asked in; for one without any, TLS 1.2. */
size_t cases_versions(enum version out[VERSIONS_LEN], const struct conformance_case *of);

/* cases_text_show prints and releases the text; STATUS_PASS or STATUS_FAULT. */
int cases_text_show(struct text *text, const char *who);

/* cases_describe.c: the stanza in words, a line each. */
void cases_describe(struct text *out, const struct cases_choice *choice);
void cases_describe_step(struct text *out, const struct step *step, size_t index, size_t sent);
void cases_describe_answer(struct text *out, const struct conformance_case *of);

/* cases_needs_word returns the word of a need: a version or a feature. */
const char *cases_needs_word(const struct need *need);

/* cases_family_word returns "value", "truncation" ... or NULL. */
const char *cases_family_word(enum family_kind kind);

/* cases_json writes the object of every case selected, as one array. Faults: NO_MEMORY, TOO_LARGE.
 */
MUST_USE enum fault cases_json(struct text *out, const struct case_source *source,
			       struct arena *arena);

/* cases_hex prints bytes beside the names of their fields. */
void cases_hex(struct text *out, const struct cases_sent *sent);

/* The verbs. */
int cases_verb_list(int argc, char **argv);
int cases_verb_show(int argc, char **argv);
int cases_verb_emit(int argc, char **argv);
int cases_verb_lint(int argc, char **argv);

#endif
