/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "cli/journal.h"
#include "cli/selftest.h"

static struct report_run run_of(const struct check *check, const struct check_run *run)
{
	return (struct report_run){
		.target = run->target,
		.address = run->address.text,
		.builtin = !check->has_target,
		.depth = depth_name(check->depth),
		.started = run->started,
		.seed = check->options->seed,
		.resumed = run->resumed,
		.duration_ms = run->engine.duration_us / 1000,
		.result = &run->result,
		.evidence = run->evidence,
		.evidence_len = run->evidence_len,
	};
}

static enum fault make_report(struct report *out, const struct checks *checks)
{
	size_t len = 0, count = 0;
	for (size_t i = 0; i < checks->len; i++)
		count += checks->items[i]->runs_done;
	struct report_run *runs = arena_array(checks->arena, count, sizeof(*runs));
	if (count && !runs)
		return checks->arena->fault;
	for (size_t i = 0; i < checks->len; i++)
		for (size_t k = 0; k < checks->items[i]->runs_done; k++)
			runs[len++] = run_of(checks->items[i], &checks->items[i]->runs[k]);
	*out = (struct report){
		.runs = runs,
		.runs_len = len,
		.verbose = checks->options->verbose,
		.quiet = checks->options->quiet,
		.strict_expected = checks->options->strict_expected,
	};
	return FAULT_NONE;
}

/* Said on standard error as well: a report may go to a file that nobody is looking at. */
static void tell_unreachable(const struct check *check)
{
	for (size_t i = 0; i < check->runs_done; i++) {
		const struct check_run *run = &check->runs[i];
		if (run->result.reached || run->engine.interrupted)
			continue;
		if (run->unreachable)
			complain(check->options->who, "%s", run->unreachable);
		else
			complain(check->options->who, "nothing at '%s' answered in time",
				 run->address.text);
	}
}

static int tell(const struct checks *checks, struct known *known, struct outputs *outputs)
{
	struct report report;
	int status = known_apply(known, checks);
	if (status != STATUS_PASS)
		return status;
	enum fault fault = make_report(&report, checks);
	if (fault != FAULT_NONE)
		return complain_fault(checks->options->who, fault);
	for (size_t i = 0; i < checks->len; i++)
		tell_unreachable(checks->items[i]);
	status = outputs_write(outputs, checks->options, &report);
	return status != STATUS_PASS ? status : report_exit_status(&report);
}

static int ask(const struct checks *checks, struct wiretap *wiretap, struct journal *journal)
{
	int status = STATUS_PASS;
	for (size_t i = 0; status == STATUS_PASS && i < checks->len; i++) {
		struct check *check = checks->items[i];
		if (i && check_was_interrupted(checks->items[i - 1]))
			break;
		check->wiretap = wiretap;
		check->journal = journal;
		check->number = i;
		status = check->has_target ? check_against_target(check)
					   : check_against_endpoint(check);
	}
	return status;
}

static bool is_complete(const struct checks *checks)
{
	for (size_t i = 0; i < checks->len; i++) {
		const struct check *check = checks->items[i];
		for (size_t k = 0; k < check->runs_done; k++)
			if (check->runs[k].engine.interrupted || check->runs[k].paused)
				return false;
	}
	return true;
}

static int check_for_real(const struct checks *checks, struct outputs *outputs)
{
	struct known *known;
	struct journal *journal = NULL;
	struct check *first = checks->items[0];
	int status = known_read(&known, checks);
	if (status == STATUS_PASS)
		status = known_lint(known, checks);
	if (status == STATUS_PASS)
		status = journal_open(&journal, checks);
	if (status == STATUS_PASS)
		status = outputs_open(outputs, checks->options);
	if (status == STATUS_PASS)
		status = wiretap_open(first);
	if (status == STATUS_PASS)
		status = ask(checks, first->wiretap, journal);
	int written = wiretap_close(first);
	if (status == STATUS_PASS)
		status = tell(checks, known, outputs);
	/* Only a report that was written makes the journal needless. */
	int kept = journal_close(journal, status <= STATUS_INCONCLUSIVE && status != STATUS_USAGE &&
						  is_complete(checks));
	return written != STATUS_PASS ? written : kept != STATUS_PASS ? kept : status;
}

void check_release(struct check *check)
{
	for (size_t i = 0; i < check->runs_len; i++)
		arena_release(&check->runs[i].arena);
	signing_key_free(check->client_key);
	if (check->trust)
		trust_store_free(check->trust);
	if (check->identity)
		endpoint_identity_free(check->identity);
	arena_release(&check->arena);
}

static int run_all(const struct checks *checks)
{
	struct outputs outputs = { .len = 0 };
	int status = STATUS_PASS;
	if (!checks->options->dry_run)
		status = check_for_real(checks, &outputs);
	for (size_t i = 0; checks->options->dry_run && status == STATUS_PASS && i < checks->len;
	     i++)
		status = check_dry_run(checks->items[i]);
	outputs_release(&outputs);
	return status;
}

static int prepare_one(struct checks *out, struct check *check, const struct check_options *options,
		       struct arena *arena)
{
	struct check **items = arena_alloc(arena, sizeof(struct check *));
	if (!items)
		return complain_fault(options->who, arena->fault);
	*out = (struct checks){ .items = items, .len = 1, .options = options, .arena = arena };
	items[0] = check;
	check->options = options;
	arena_init(&check->arena, RUN_ARENA_MAX);
	return check_setup(check);
}

int command_check(int argc, char **argv)
{
	struct check_options options;
	struct check single = { .options = &options };
	struct checks checks = { .len = 0 };
	struct arena arena;
	int status = check_options_parse(&options, argc, argv);
	if (status != STATUS_PASS)
		return status;
	if (options.self_test)
		return check_selftest(&options);
	arena_init(&arena, RUN_ARENA_MAX);
	status = options.targets ? check_targets_read(&checks, &options, &arena)
				 : prepare_one(&checks, &single, &options, &arena);
	if (status == STATUS_PASS)
		status = run_all(&checks);
	for (size_t i = 0; i < checks.len; i++)
		check_release(checks.items[i]);
	arena_release(&arena);
	return status;
}
