/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_known.h"
#include "base/text.h"
#include "cli/file.h"

#define KNOWN_FILE_MAX ((size_t)64 << 20)

/* One line of --expected: ID-GLOB VERDICT "REASON". */
struct known_line {
	uint32_t line;
	const char *glob, *reason;
	enum verdict verdict;
	size_t holds;
	bool is_met; /* it fits an id of the plan */
};

static int bad_line(const struct checks *checks, uint32_t line, const char *why)
{
	return complain(checks->options->who, "%s:%u: %s", checks->options->expected, line, why);
}

static struct span take_word(struct span *rest)
{
	while (rest->len && (rest->at[0] == ' ' || rest->at[0] == '\t'))
		*rest = span_skip(*rest, 1);
	size_t len = 0;
	while (len < rest->len && rest->at[len] != ' ' && rest->at[len] != '\t')
		len++;
	struct span word = span_of(rest->at, len);
	*rest = span_skip(*rest, len);
	return word;
}

/* The reason in quotes at the end of a line; false when there is none. */
static bool take_reason(struct span rest, struct span *out)
{
	while (rest.len && (rest.at[0] == ' ' || rest.at[0] == '\t'))
		rest = span_skip(rest, 1);
	while (rest.len && (rest.at[rest.len - 1] == ' ' || rest.at[rest.len - 1] == '\t'))
		rest.len--;
	if (rest.len < 3 || rest.at[0] != '"' || rest.at[rest.len - 1] != '"')
		return false;
	*out = span_of(rest.at + 1, rest.len - 2);
	return true;
}

static int read_line(struct known *known, const struct checks *checks, struct span line,
		     uint32_t number)
{
	struct span glob = take_word(&line), word, reason;
	if (glob.len == 0 || glob.at[0] == '#')
		return STATUS_PASS;
	word = take_word(&line);
	if (!span_is(word, "fail") && !span_is(word, "inconclusive"))
		return bad_line(checks, number, "the verdict is neither 'fail' nor 'inconclusive'");
	if (!take_reason(line, &reason))
		return bad_line(checks, number, "a reason in double quotes ends the line");
	struct known_line *grown = arena_grow(checks->arena, known->expected, known->expected_len,
					      &known->expected_cap, sizeof(*grown));
	if (!grown)
		return complain_fault(checks->options->who, checks->arena->fault);
	known->expected = grown;
	grown[known->expected_len++] = (struct known_line){
		.line = number,
		.glob = arena_text(checks->arena, glob),
		.reason = arena_text(checks->arena, reason),
		.verdict = span_is(word, "fail") ? VERDICT_FAIL : VERDICT_INCONCLUSIVE,
	};
	return STATUS_PASS;
}

static int read_expected(struct known *known, const struct checks *checks)
{
	char why[512] = "";
	struct span text;
	uint32_t number = 0;
	if (file_read(&text, checks->arena, checks->options->expected, KNOWN_FILE_MAX, why,
		      sizeof(why)) != FAULT_NONE)
		return complain(checks->options->who, "%s", why);
	while (text.len) {
		const uint8_t *end = memchr(text.at, '\n', text.len);
		struct span line = span_of(text.at, end ? (size_t)(end - text.at) : text.len);
		text = span_skip(text, line.len + 1);
		if (line.len && line.at[line.len - 1] == '\r')
			line.len--;
		int status = read_line(known, checks, line, ++number);
		if (status != STATUS_PASS)
			return status;
	}
	return STATUS_PASS;
}

/* Ids that only an answer brings about. */
static const char *const answered_ids[] = { "upgrade/extra_bytes", "session/pg_stat_ssl" };

static void mark_fitting(struct known *known, const char *id)
{
	for (size_t i = 0; i < known->expected_len; i++)
		known->expected[i].is_met =
			known->expected[i].is_met || glob_match(known->expected[i].glob, id);
}

static int mark_run(struct known *known, struct check_run *run)
{
	enum fault fault = check_run_plan(run);
	if (fault == FAULT_NONE)
		fault = check_run_judge(run);
	for (size_t i = 0; fault == FAULT_NONE && i < run->result.findings_len; i++)
		mark_fitting(known, run->result.findings[i].id);
	arena_release(&run->arena);
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(run->check->options->who, fault);
}

/* The plan of one endpoint as a whole, without '--only' and '--shard'. */
static int mark_check(struct known *known, struct check *check)
{
	struct check_options options = *check->options;
	struct check whole = *check;
	options.only = NULL;
	options.shard = options.shards = 0;
	whole.options = &options;
	int status = check_runs_plan(&whole);
	for (size_t i = 0; status == STATUS_PASS && i < whole.runs_len; i++)
		status = mark_run(known, &whole.runs[i]);
	check->arena = whole.arena;
	return status;
}

/* A pattern that fits no id excuses nothing: it is misspelt, or has outlived its case. */
int known_lint(struct known *known, const struct checks *checks)
{
	int status = STATUS_PASS;
	for (size_t i = 0; known->expected_len && status == STATUS_PASS && i < checks->len; i++)
		status = mark_check(known, checks->items[i]);
	for (size_t i = 0; i < sizeof(answered_ids) / sizeof(answered_ids[0]); i++)
		mark_fitting(known, answered_ids[i]);
	for (size_t i = 0; status == STATUS_PASS && i < known->expected_len; i++) {
		const struct known_line *line = &known->expected[i];
		if (!line->is_met)
			status =
				bad_line(checks, line->line,
					 arena_printf(checks->arena,
						      "'%s' fits no cell and no case", line->glob));
	}
	return status;
}

int known_read(struct known **out, const struct checks *checks)
{
	*out = arena_alloc(checks->arena, sizeof(**out));
	if (!*out)
		return complain_fault(checks->options->who, checks->arena->fault);
	if (checks->options->expected)
		return read_expected(*out, checks);
	return checks->options->baseline ? baseline_read(*out, checks) : STATUS_PASS;
}

void known_remark(struct finding *finding, const char *remark)
{
	if (remark && finding->remarks_len < FINDING_REMARKS_MAX)
		finding->remarks[finding->remarks_len++] = remark;
}

static void expect_one(struct known_line *line, struct arena *arena, struct finding *finding)
{
	if (!glob_match(line->glob, finding->id) || finding->verdict != line->verdict)
		return;
	line->holds++;
	finding->verdict = VERDICT_EXPECTED_FAIL;
	known_remark(finding, arena_printf(arena, "known: %s", line->reason));
}

/* A line that fits, but whose verdict is found nowhere, has outlived its deviation. */
static void outlived_one(struct known_line *line, struct arena *arena, struct finding *finding)
{
	if (line->holds || !glob_match(line->glob, finding->id))
		return;
	if (finding->verdict != VERDICT_PASS && finding->verdict != VERDICT_REMARK)
		return;
	finding->verdict = VERDICT_UNEXPECTED_PASS;
	known_remark(finding,
		     arena_printf(arena, "expected to %s: %s",
				  line->verdict == VERDICT_FAIL ? "fail" : "stay inconclusive",
				  line->reason));
}

static void each_finding(struct known_line *line, const struct checks *checks,
			 void (*apply)(struct known_line *, struct arena *, struct finding *))
{
	for (size_t i = 0; i < checks->len; i++) {
		const struct check *check = checks->items[i];
		for (size_t r = 0; r < check->runs_done; r++) {
			const struct run_result *result = &check->runs[r].result;
			for (size_t k = 0; k < result->findings_len; k++)
				apply(line, checks->arena, &result->findings[k]);
		}
	}
}

int known_apply(struct known *known, const struct checks *checks)
{
	for (size_t i = 0; i < known->expected_len; i++) {
		each_finding(&known->expected[i], checks, expect_one);
		each_finding(&known->expected[i], checks, outlived_one);
	}
	if (checks->options->baseline)
		baseline_apply(known, checks);
	for (size_t i = 0; i < checks->len; i++)
		for (size_t k = 0; k < checks->items[i]->runs_done; k++)
			check_run_count(&checks->items[i]->runs[k]);
	return checks->arena->fault == FAULT_NONE
		       ? STATUS_PASS
		       : complain_fault(checks->options->who, checks->arena->fault);
}
