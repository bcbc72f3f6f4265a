/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/check.h"

#define WHY_MAX		   512
#define RESOLVE_TIMEOUT_MS 5000
#define ENDPOINT_NAME	   "localhost"

static int fault_status(const struct check *check, enum fault fault)
{
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(check->options->who, fault);
}

bool check_was_interrupted(const struct check *check)
{
	return check->runs_done && check->runs[check->runs_done - 1].engine.interrupted;
}

static void note_the_rest(struct check *check)
{
	size_t left = check->runs_len - check->runs_done;
	if (!check_was_interrupted(check) || left == 0)
		return;
	check_run_note(&check->runs[check->runs_done - 1],
		       arena_printf(&check->arena, "%zu further run%s not begun", left,
				    left == 1 ? " was" : "s were"));
}

static void note_circumstances(struct check *check, struct check_run *run)
{
	const char *over = check->policy.over;
	if (check->has_policy && check->target.upgrade != upgrade_by_name(span_text(over)))
		check_run_note(
			run,
			arena_printf(&check->arena,
				     "the policy speaks of '%s', and TARGET was asked over '%s'",
				     over, check->target.upgrade->name));
	if (check->options->connect)
		check_run_note(run,
			       arena_printf(&check->arena, "connected to '%s', as '--connect' says",
					    check->options->connect));
}

static int unresolved(struct check *check, const char *why)
{
	int status = check_runs_plan(check);
	if (status != STATUS_PASS)
		return status;
	check->runs_done = 1;
	snprintf(check->runs[0].address.text, sizeof(check->runs[0].address.text), "unresolved");
	enum fault fault = check_run_unasked(&check->runs[0], why);
	/* A journal is not over because a name could not be resolved this time. */
	check->runs[0].paused = check->journal != NULL;
	return fault_status(check, fault);
}

static int ask_addresses(struct check *check, const struct addresses *addresses)
{
	enum fault fault = FAULT_NONE;
	check->runs_len = addresses->len;
	check->runs = arena_array(&check->arena, check->runs_len, sizeof(*check->runs));
	if (!check->runs)
		return fault_status(check, check->arena.fault);
	for (size_t i = 0; i < check->runs_len && fault == FAULT_NONE; i++) {
		struct check_run *run = &check->runs[i];
		if (check_was_interrupted(check))
			break;
		check_run_init(check, run, &check->settings);
		run->address = addresses->items[i];
		fault = check_run(run);
		note_circumstances(check, run);
		check->runs_done++;
	}
	note_the_rest(check);
	return fault_status(check, fault);
}

/* An address that answered nothing, while another answered, says nothing about the policy. */
static void drop_unreached(struct check *check)
{
	size_t kept = 0, reached = 0;
	for (size_t i = 0; i < check->runs_done; i++)
		reached += check->runs[i].result.reached;
	if (reached == 0)
		return;
	for (size_t i = 0; i < check->runs_done; i++) {
		struct check_run *run = &check->runs[i];
		if (!run->result.reached && !run->engine.interrupted) {
			run->dropped = true;
			continue;
		}
		for (size_t k = 0; k < check->runs_done; k++) {
			const struct check_run *other = &check->runs[k];
			if (other->dropped ||
			    (!other->result.reached && !other->engine.interrupted))
				check_run_note(run,
					       arena_printf(&check->arena,
							    "%s answered nothing and was left out",
							    other->address.text));
		}
	}
	for (size_t i = 0; i < check->runs_done; i++) {
		if (check->runs[i].dropped)
			arena_release(&check->runs[i].arena);
		else
			check->runs[kept++] = check->runs[i];
	}
	check->runs_done = check->runs_len = kept;
}

int check_against_target(struct check *check)
{
	const struct check_options *options = check->options;
	struct addresses addresses;
	char why[WHY_MAX] = "";
	unsigned timeout = options->timeout_ms ? (unsigned)options->timeout_ms : RESOLVE_TIMEOUT_MS;
	enum fault fault = resolve_host(&addresses, check->connect.host, check->connect.port,
					options->resolver, timeout, why, sizeof(why));
	if (fault == FAULT_USAGE)
		return complain(options->who, "%s", why);
	if (fault == FAULT_NOT_FOUND || fault == FAULT_IO)
		return unresolved(check, *why ? why : fault_text(fault));
	if (fault != FAULT_NONE)
		return fault_status(check, fault);
	int status = ask_addresses(check, &addresses);
	if (status != STATUS_PASS)
		return status;
	drop_unreached(check);
	return fault_status(check, check_merge(check));
}

static int endpoint_fault(const struct check *check, const char *why)
{
	complain(check->options->who, "the built-in endpoint does not start: %s", why);
	return STATUS_FAULT;
}

int check_ask_endpoint(struct check *check, struct check_run *run)
{
	char why[WHY_MAX] = "";
	struct endpoint *endpoint = NULL;
	struct addresses addresses;
	const struct endpoint_options options = {
		.settings = &run->settings,
		.upgrade = check->target.upgrade,
		.identity = check->identity,
		.defect = run->defect,
	};
	enum fault fault = endpoint_start(&endpoint, &options, why, sizeof(why));
	if (fault != FAULT_NONE)
		return endpoint_fault(check, *why ? why : fault_text(fault));
	check->target.port = endpoint_port(endpoint);
	target_print(run->target, &check->target);
	fault = resolve_host(&addresses, check->target.host, check->target.port, NULL,
			     RESOLVE_TIMEOUT_MS, why, sizeof(why));
	if (fault == FAULT_NONE) {
		run->address = addresses.items[0];
		fault = check_run(run);
	}
	endpoint_stop(endpoint);
	return fault_status(check, fault);
}

int check_make_identity(struct check *check)
{
	char why[WHY_MAX] = "";
	enum fault fault = endpoint_identity_make(&check->identity, ENDPOINT_NAME);
	if (fault != FAULT_NONE)
		return endpoint_fault(check, fault_text(fault));
	const char *pem = endpoint_identity_ca(check->identity);
	check->trust = trust_store_read(span_text(pem), why, sizeof(why));
	return check->trust ? STATUS_PASS : endpoint_fault(check, why);
}

int check_against_endpoint(struct check *check)
{
	int status = check_runs_plan(check);
	if (status == STATUS_PASS)
		status = check_make_identity(check);
	for (size_t i = 0; status == STATUS_PASS && i < check->runs_len; i++) {
		if (check_was_interrupted(check))
			break;
		status = check_ask_endpoint(check, &check->runs[i]);
		check->runs_done++;
	}
	note_the_rest(check);
	return status;
}
