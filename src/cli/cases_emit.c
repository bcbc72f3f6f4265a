/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/hex.h"
#include "cli/cases_command.h"
#include "cli/options.h"

static const struct argp_option options[] = {
	{ "at", CASES_KEY_AT, "VERSION", 0, "the version (default: the case's first)", 0 },
	{ "member", CASES_KEY_MEMBER, "N", 0, "the member of a family (default: the first)", 0 },
	{ "step", CASES_KEY_STEP, "I", 0, "only what the step I sends, counted from 1", 0 },
	{ "output", CASES_KEY_OUTPUT, "FILE", 0, "write to FILE instead of standard output", 0 },
	{ "hex", CASES_KEY_HEX, 0, 0, "write hexadecimal digits instead of bytes", 0 },
	{ "all", CASES_KEY_ALL, "DIR", 0,
	  "write a file NAME[-VERSION][-MEMBER].bin into DIR for every case that is named, or for "
	  "all of them",
	  0 },
	{ "file", CASES_KEY_FILE, "FILE", 0, "cases of FILE instead of those built in", 0 },
	{ 0 },
};

static const char doc[] =
	"Write the bytes that a case sends, one send after the other. What only a connection knows "
	"(keys, tickets, the answer to a HelloRetryRequest) has stand-ins, and nothing is "
	"protected.\v"
	"NAME may also be an id, 'case/NAME/VERSION/MEMBER'.\n\n"
	"Examples:\n"
	"  tlsgauge cases emit hello.odd-cipher-suites-vector --hex\n"
	"  tlsgauge cases emit hello.truncated --member 40 -o seed.bin\n"
	"  tlsgauge cases emit --all corpus/client_hello\n\n"
	"Exit status: 0 all was written, 2 there is no such case, 4 it could not be written.";

/* The last bytes of a send may be kept back. */
static struct span sent_bytes(const struct cases_sent *sent)
{
	size_t withheld = sent->step->withhold;
	size_t len = sent->bytes.len;
	return span_of(sent->bytes.at, withheld < len ? len - withheld : 0);
}

static int play(struct text *out, const struct cases_words *words,
		const struct cases_choice *choice, struct arena *arena)
{
	struct cases_sent *sent;
	size_t fell;
	enum fault fault = cases_play(&sent, choice, arena, &fell);
	if (fault == FAULT_NO_MEMORY)
		return complain_fault(words->who, fault);
	if (fault != FAULT_NONE)
		return complain(words->who, "'%s', step %zu, cannot be made: %s", choice->of->name,
				fell + 1, fault_text(fault));
	if (words->step > choice->of->steps_len)
		return complain(words->who, "case '%s' has %zu step%s", choice->of->name,
				choice->of->steps_len, choice->of->steps_len == 1 ? "" : "s");
	for (size_t i = 0; i < choice->of->steps_len; i++) {
		if (sent[i].step->kind == STEP_SEND && (!words->step || words->step == i + 1))
			text_append(out, sent_bytes(&sent[i]));
	}
	return out->fault == FAULT_NONE ? STATUS_PASS : complain_fault(words->who, out->fault);
}

static int write_bytes(const struct cases_words *words, FILE *file, const struct text *bytes)
{
	struct span raw = span_of(text_view(bytes), bytes->len);
	if (!words->hex) {
		fwrite(raw.at, 1, raw.len, file);
		return STATUS_PASS;
	}
	char *digits = malloc(2 * raw.len + 1);
	if (!digits)
		return complain_fault(words->who, FAULT_NO_MEMORY);
	hex_encode(digits, raw);
	fprintf(file, "%s\n", digits);
	free(digits);
	return STATUS_PASS;
}

static int write_file(const struct cases_words *words, const char *path, const struct text *bytes)
{
	FILE *file = fopen(path, "wb");
	if (!file)
		return complain(words->who, "cannot write '%s': %s", path, strerror(errno));
	int status = write_bytes(words, file, bytes);
	bool failed = ferror(file) != 0;
	if (fclose(file) == 0 && !failed)
		return status;
	complain(words->who, "cannot write '%s': it takes no more bytes", path);
	return STATUS_FAULT;
}

static int emit_one(const struct cases_words *words)
{
	struct arena arena;
	struct case_source source;
	struct cases_choice choice;
	struct cases_words load = *words;
	struct text bytes;
	load.names_len = 0;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&bytes);
	int status = cases_load(&source, &arena, &load);
	if (status == STATUS_PASS)
		status = cases_choose(&choice, &source, words, &arena);
	if (status == STATUS_PASS)
		status = play(&bytes, words, &choice, &arena);
	if (status == STATUS_PASS)
		status = words->output ? write_file(words, words->output, &bytes)
				       : write_bytes(words, stdout, &bytes);
	text_release(&bytes);
	arena_release(&arena);
	return status;
}

static int emit_member(const struct cases_words *words, const struct cases_choice *choice)
{
	char path[4096], version[16] = "", member[16] = "";
	struct arena arena;
	struct text bytes;
	if (choice->of->versions)
		snprintf(version, sizeof(version), "-%s", version_name(choice->version));
	if (choice->of->family.kind != FAMILY_NONE)
		snprintf(member, sizeof(member), "-%u", choice->member);
	int len = snprintf(path, sizeof(path), "%s/%s%s%s.bin", words->directory, choice->of->name,
			   version, member);
	if (len < 0 || (size_t)len >= sizeof(path))
		return complain(words->who, "the path of '%s' is too long", choice->of->name);
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&bytes);
	int status = play(&bytes, words, choice, &arena);
	if (status == STATUS_PASS)
		status = write_file(words, path, &bytes);
	text_release(&bytes);
	arena_release(&arena);
	return status;
}

static int emit_case(const struct cases_words *words, const struct conformance_case *of,
		     struct arena *arena)
{
	enum version versions[VERSIONS_LEN];
	size_t len = cases_versions(versions, of);
	int status = STATUS_PASS;
	for (size_t v = 0; v < len; v++) {
		struct cases_choice choice = { .of = of, .version = versions[v] };
		choice.members = case_members(arena, of, versions[v], &choice.members_len);
		if (!choice.members)
			return complain_fault(words->who, FAULT_NO_MEMORY);
		for (size_t i = 0; i < choice.members_len; i++) {
			choice.member = choice.members[i];
			int one = emit_member(words, &choice);
			status = one > status ? one : status;
		}
	}
	return status;
}

static int emit_all(const struct cases_words *words)
{
	struct arena arena;
	struct case_source source;
	if (mkdir(words->directory, 0777) != 0 && errno != EEXIST)
		return complain(words->who, "cannot make '%s': %s", words->directory,
				strerror(errno));
	arena_init(&arena, CASE_ARENA_MAX);
	int status = cases_load(&source, &arena, words);
	for (size_t i = 0; status != STATUS_FAULT && i < source.len; i++) {
		int one = emit_case(words, source.at[i], &arena);
		status = one > status ? one : status;
	}
	arena_release(&arena);
	return status;
}

int cases_verb_emit(int argc, char **argv)
{
	struct cases_words words;
	int status = cases_words_parse(&words, argc, argv, options, "NAME", doc);
	if (status != STATUS_PASS)
		return status;
	if (words.directory && (words.output || words.hex || words.step || words.has_member))
		return complain(words.who, "'--all' excludes '--output', '--hex', '--step' and "
					   "'--member'");
	if (words.directory)
		return emit_all(&words);
	if (words.names_len != 1)
		return complain(words.who, "%s",
				words.names_len ? "one case at a time"
						: "say which case, or '--all DIR'");
	return emit_one(&words);
}
