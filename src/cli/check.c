/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "cli/selftest.h"

static enum fault make_report(struct report *out, struct check *check)
{
	struct report_run *runs = arena_array(&check->arena, check->runs_done, sizeof(*runs));
	if (!runs)
		return check->arena.fault;
	for (size_t i = 0; i < check->runs_done; i++) {
		const struct check_run *run = &check->runs[i];
		runs[i] = (struct report_run){
			.target = run->target,
			.address = run->address.text,
			.builtin = !check->has_target,
			.depth = depth_name(check->depth),
			.started = run->started,
			.seed = check->options->seed,
			.duration_ms = run->engine.duration_us / 1000,
			.result = &run->result,
			.evidence = run->evidence,
			.evidence_len = run->evidence_len,
		};
	}
	*out = (struct report){
		.runs = runs,
		.runs_len = check->runs_done,
		.verbose = check->options->verbose,
		.quiet = check->options->quiet,
		.strict_expected = check->options->strict_expected,
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

static int tell(struct check *check, struct known *known)
{
	struct report report;
	int status = known_apply(known, check);
	if (status != STATUS_PASS)
		return status;
	enum fault fault = make_report(&report, check);
	if (fault != FAULT_NONE)
		return complain_fault(check->options->who, fault);
	tell_unreachable(check);
	status = outputs_write(&check->outputs, check->options, &report);
	return status != STATUS_PASS ? status : report_exit_status(&report);
}

static int check_for_real(struct check *check)
{
	struct known *known;
	int status = known_read(&known, check);
	if (status == STATUS_PASS)
		status = known_lint(known, check);
	if (status == STATUS_PASS)
		status = outputs_open(&check->outputs, check->options);
	if (status == STATUS_PASS)
		status = wiretap_open(check);
	if (status == STATUS_PASS)
		status = check->has_target ? check_against_target(check)
					   : check_against_endpoint(check);
	int written = wiretap_close(check);
	if (status == STATUS_PASS)
		status = tell(check, known);
	return written != STATUS_PASS ? written : status;
}

void check_release(struct check *check)
{
	outputs_release(&check->outputs);
	for (size_t i = 0; i < check->runs_len; i++)
		arena_release(&check->runs[i].arena);
	signing_key_free(check->client_key);
	if (check->trust)
		trust_store_free(check->trust);
	if (check->identity)
		endpoint_identity_free(check->identity);
	arena_release(&check->arena);
}

int command_check(int argc, char **argv)
{
	struct check_options options;
	struct check check = { .options = &options };
	int status = check_options_parse(&options, argc, argv);
	if (status != STATUS_PASS)
		return status;
	if (options.self_test)
		return check_selftest(&options);
	arena_init(&check.arena, RUN_ARENA_MAX);
	status = check_setup(&check);
	if (status == STATUS_PASS)
		status = options.dry_run ? check_dry_run(&check) : check_for_real(&check);
	check_release(&check);
	return status;
}
