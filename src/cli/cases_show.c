/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/cases_command.h"
#include "cli/options.h"

static const struct argp_option options[] = {
	{ "at", CASES_KEY_AT, "VERSION", 0, "the version (default: the case's first)", 0 },
	{ "member", CASES_KEY_MEMBER, "N", 0, "the member of a family (default: the first)", 0 },
	{ "file", CASES_KEY_FILE, "FILE", 0, "cases of FILE instead of those built in", 0 },
	{ 0 },
};

static const char doc[] = "Show one case: the rule, every step with the bytes that it sends beside "
			  "the names of their "
			  "fields, and the answers that pass. What only a connection knows (keys, "
			  "tickets, the answer "
			  "to a HelloRetryRequest) has stand-ins, and nothing is protected.\v"
			  "NAME may also be an id, 'case/NAME/VERSION/MEMBER'.\n\n"
			  "Examples:\n"
			  "  tlsgauge cases show hello.odd-cipher-suites-vector\n"
			  "  tlsgauge cases show case/record.version-tls10/TLS1.1\n"
			  "  tlsgauge cases show --file our.case ours.first\n\n"
			  "Exit status: 0, or 2 when there is no such case.";

static int show(struct text *out, const struct cases_words *words,
		const struct cases_choice *choice, struct arena *arena)
{
	const struct conformance_case *of = choice->of;
	struct cases_sent *sent;
	size_t fell;
	cases_describe(out, choice);
	enum fault fault = cases_play(&sent, choice, arena, &fell);
	if (fault != FAULT_NONE)
		return complain(words->who, "'%s', step %zu, cannot be made: %s", of->name,
				fell + 1, fault_text(fault));
	for (size_t i = 0; i < of->steps_len; i++) {
		cases_describe_step(out, &of->steps[i], i + 1, sent[i].bytes.len);
		cases_hex(out, &sent[i]);
	}
	cases_describe_answer(out, of);
	return STATUS_PASS;
}

int cases_verb_show(int argc, char **argv)
{
	struct cases_words words;
	struct case_source source;
	struct cases_choice choice;
	struct arena arena;
	struct text text;
	int status = cases_words_parse(&words, argc, argv, options, "NAME", doc);
	if (status != STATUS_PASS)
		return status;
	if (words.names_len != 1)
		return complain(words.who, "%s",
				words.names_len ? "one case at a time" : "say which case");
	struct cases_words load = words;
	load.names_len = 0;
	arena_init(&arena, CASE_ARENA_MAX);
	text_init(&text);
	status = cases_load(&source, &arena, &load);
	if (status == STATUS_PASS)
		status = cases_choose(&choice, &source, &words, &arena);
	if (status == STATUS_PASS)
		status = show(&text, &words, &choice, &arena);
	if (status == STATUS_PASS)
		status = cases_text_show(&text, words.who);
	text_release(&text);
	arena_release(&arena);
	return status;
}
