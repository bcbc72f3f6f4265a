/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/journal_internal.h"
#include "cli/policy_source.h"
#include "tool.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINES_MAX 512
#define POLICY	  "azure-postgresql-single-server"

/* An endpoint in this process, and a journal of a whole run over it, as lines. */
static struct arena arena;
static struct policy policy;
static struct settings settings;
static struct endpoint_identity *identity;
static struct endpoint *endpoint;
static char journal[32], report[40], target[64], argument[64];
static const char *more = "--seed=1";
static const char *lines[LINES_MAX];
static size_t lines_len;
static json_t *root;

static void start(uint16_t port)
{
	char why[256];
	const struct endpoint_options options = {
		.settings = &settings,
		.upgrade = upgrade_by_name(span_text("postgresql")),
		.identity = identity,
		.port = port,
	};
	cr_assert_eq(endpoint_start(&endpoint, &options, why, sizeof(why)), FAULT_NONE, "%s", why);
}

static void check(int status)
{
	json_decref(root);
	cr_assert_eq(TOOL_RUN("tlsgauge", "check", target, "--policy", POLICY, "--journal", journal,
			      argument, more),
		     status);
	root = json_load_file(report, 0, NULL);
	cr_assert_not_null(root);
}

static const json_t *of_run(const char *key)
{
	return json_object_get(json_object_get(root, "run"), key);
}

static unsigned connections(void)
{
	return (unsigned)json_integer_value(of_run("connections"));
}

static const char *resumed(void)
{
	const char *text = json_string_value(of_run("resumed"));
	return text ? text : "";
}

static void read_lines(void)
{
	struct journal_reader reader;
	struct span line;
	int fd = open(journal, O_RDONLY);
	journal_reader_init(&reader, fd, 0, 0);
	lines_len = 0;
	while (journal_reader_next(&reader, &line) == JOURNAL_LINE)
		lines[lines_len++] = arena_text(&arena, line);
	journal_reader_release(&reader);
	close(fd);
}

/* The first `len` lines, as if the run had been killed there. */
static void write_lines(size_t len)
{
	struct journal_file file;
	char why[256];
	cr_assert_eq(journal_file_open(&file, journal, why, sizeof(why)), FAULT_NONE);
	journal_file_cut(&file, 0);
	for (size_t i = 0; i < len; i++)
		journal_file_write(&file, span_text(lines[i]));
	cr_assert(journal_file_close(&file));
}

static bool is_answer(size_t line)
{
	return strncmp(lines[line], "answer ", 7) == 0;
}

static size_t nth_answer(unsigned n)
{
	size_t at = 0;
	while (!is_answer(at) || --n)
		at++;
	return at;
}

static void begin(void)
{
	cr_redirect_stdout();
	cr_redirect_stderr();
	arena_init(&arena, RUN_ARENA_MAX);
	cr_assert_eq(policy_load(&policy, &arena, POLICY), FAULT_NONE);
	settings_init(&settings, &policy, date_today());
	cr_assert_eq(endpoint_identity_make(&identity, "localhost"), FAULT_NONE);
	start(0);
	snprintf(target, sizeof(target), "postgresql://127.0.0.1:%u",
		 (unsigned)endpoint_port(endpoint));
	snprintf(journal, sizeof(journal), "journal.XXXXXX");
	close(mkstemp(journal));
	snprintf(report, sizeof(report), "%s.json", journal);
	snprintf(argument, sizeof(argument), "--report=json=%s", report);
	check(STATUS_PASS);
	read_lines();
}

static void finish(void)
{
	json_decref(root);
	endpoint_stop(endpoint);
	endpoint_identity_free(identity);
	arena_release(&arena);
	unlink(journal);
	unlink(report);
}

TestSuite(journal_resumed, .init = begin, .fini = finish, .timeout = 60);

Test(journal_resumed, whole_run_is_told_without_a_connection)
{
	char expected[64];
	unsigned whole = connections();
	cr_assert_str_eq(lines[lines_len - 1], "end");
	write_lines(lines_len - 1);
	check(STATUS_PASS);
	cr_assert_eq(connections(), 0);
	snprintf(expected, sizeof(expected), "%u of %u answers come from", whole, whole);
	cr_assert(strstr(resumed(), expected), "%s", resumed());
}

Test(journal_resumed, complete_one_is_begun_anew)
{
	unsigned whole = connections();
	check(STATUS_PASS);
	cr_assert_str_eq(resumed(), "");
	cr_assert_eq(connections(), whole);
}

Test(journal_resumed, half_a_run_is_not_asked_again_but_for_a_sample)
{
	unsigned whole = connections(), half = whole / 2;
	write_lines(nth_answer(half + 1));
	check(STATUS_PASS);
	cr_assert_geq(connections(), whole - half);
	cr_assert_leq(connections(), whole - half + 16);
	/* Again, from what both of them have kept. */
	unsigned kept = (unsigned)lines_len;
	read_lines();
	cr_assert_geq(lines_len, kept);
	write_lines(lines_len - 1);
	check(STATUS_PASS);
	cr_assert_eq(connections(), 0);
}

Test(journal_resumed, what_was_altered_is_asked_again_and_never_believed)
{
	static const char alert[] = "i150301000202";
	size_t line = nth_answer(1);
	while (!is_answer(line) || !strstr(lines[line], alert))
		line++;
	/* A whole conversation, with another alert than the one that came. */
	char *digit = (char *)(uintptr_t)strstr(lines[line], alert) + sizeof(alert);
	*digit = *digit == '8' ? '9' : '8';
	write_lines(lines_len - 2);
	check(STATUS_PASS);
	cr_assert(strstr(resumed(), "could not be played again"), "%s", resumed());
	cr_assert_gt(connections(), 0);
}

Test(journal_resumed, answer_to_another_question_is_not_believed)
{
	struct journal_record record;
	struct text text;
	size_t line = nth_answer(connections() / 2);
	journal_record_read(&record, span_text(lines[line]));
	/* The tape as it was played, blank in front. */
	record.tape = span_of(record.tape.at - 1, record.tape.len + 1);
	record.asked ^= 1;
	text_init(&text);
	journal_put_answer(&text, &record);
	lines[line] = text_view(&text);
	write_lines(lines_len - 2);
	text_release(&text);
	check(STATUS_PASS);
	cr_assert(strstr(resumed(), "could not be played again"), "%s", resumed());
}

Test(journal_resumed, other_order_is_not_believed)
{
	size_t a = nth_answer(connections() / 2), b = nth_answer(connections());
	const char *line = lines[a];
	lines[a] = lines[b];
	lines[b] = line;
	write_lines(lines_len - 2);
	check(STATUS_PASS);
	cr_assert(strstr(resumed(), "could not be played again"), "%s", resumed());
}

Test(journal_resumed, hellos_of_strength_are_kept_as_well)
{
	more = "--strength=1";
	check(STATUS_PASS);
	read_lines();
	unsigned whole = connections();
	size_t last = lines_len - 3, first = last;
	while (strncmp(lines[first - 1], "answer strength ", 16) == 0)
		first--;
	cr_assert_lt(first, last);
	for (size_t at = first; at < last; at += (last - first) / 3) {
		write_lines(at + 1);
		check(STATUS_PASS);
		cr_assert(strstr(resumed(), "answers come from the journal"), "%s", resumed());
		cr_assert_not(strstr(resumed(), "could not be played again"), "%s", resumed());
		cr_assert_lt(connections(), whole - (at - first) / 2);
	}
}

Test(journal_resumed, endpoint_that_was_set_up_anew_is_asked_anew)
{
	unsigned whole = connections();
	uint16_t port = endpoint_port(endpoint);
	endpoint_stop(endpoint);
	endpoint_identity_free(identity);
	cr_assert_eq(endpoint_identity_make(&identity, "localhost"), FAULT_NONE);
	start(port);
	write_lines(nth_answer(whole / 2));
	check(STATUS_PASS);
	cr_assert(strstr(resumed(), "everything was asked anew"), "%s", resumed());
	cr_assert_geq(connections(), whole);
}

Test(journal_resumed, endpoint_that_is_away_keeps_the_journal)
{
	uint16_t port = endpoint_port(endpoint);
	endpoint_stop(endpoint);
	write_lines(nth_answer(connections() / 2));
	check(STATUS_INCONCLUSIVE);
	start(port);
	check(STATUS_PASS);
	cr_assert(strstr(resumed(), "come from the journal"), "%s", resumed());
}
