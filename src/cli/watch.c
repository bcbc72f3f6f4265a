/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS	  10
#define LINGER_MS 2000 /* for the system to take away what was sent SIGKILL */

enum fault watch_exec(struct watch *watch, const char *command, const struct address *at,
		      unsigned timeout_ms, char *why, size_t why_len)
{
	watch->command = command;
	watch->at = *at;
	watch->timeout_ms = timeout_ms;
	watch->grace_ms = WATCH_GRACE_MS;
	watch->pid = watch->guard = 0;
	watch->end = (struct watch_end){ .state = WATCH_GONE };
	watch->memory = WATCH_MEMORY_PSS;
	watch->restarts = 0;
	watch_output_init(&watch->output);
	return watch_start(watch, why, why_len);
}

enum fault watch_pid(struct watch *watch, pid_t pid, char *why, size_t why_len)
{
	struct watch_process process;
	watch->command = NULL;
	watch->pid = watch->guard = 0;
	watch->end = (struct watch_end){ .state = WATCH_GONE };
	watch->memory = WATCH_MEMORY_PSS;
	watch->restarts = 0;
	watch_output_init(&watch->output);
	if (!watch_process_read(&process, pid) || process.zombie) {
		snprintf(why, why_len, "'--pid': there is no process %ld", (long)pid);
		return FAULT_INPUT;
	}
	watch->pid = pid;
	watch->birth = process.birth;
	watch->end.state = WATCH_ALIVE;
	return FAULT_NONE;
}

static struct watch_process process_of(const struct watch *watch)
{
	return (struct watch_process){ .pid = watch->pid, .birth = watch->birth };
}

bool watch_has_ended(struct watch *watch)
{
	siginfo_t info = { .si_pid = 0 };
	struct watch_process process = process_of(watch);
	if (watch->end.state != WATCH_ALIVE)
		return true;
	if (!watch->command) {
		if (!watch_process_lives(&process))
			watch->end.state = WATCH_GONE;
	} else if (waitid(P_PID, (id_t)watch->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
		watch->end.state = WATCH_GONE;
	} else if (info.si_pid == watch->pid) {
		bool exited = info.si_code == CLD_EXITED;
		watch->end = (struct watch_end){ .state = exited ? WATCH_EXITED : WATCH_KILLED,
						 .number = info.si_status };
	}
	return watch->end.state != WATCH_ALIVE;
}

void watch_look(struct watch *watch, struct watch_report *out)
{
	/* The end first: what is printed is read behind it, and so is all that was printed. */
	bool ended = watch_has_ended(watch);
	out->end = watch->end;
	out->crashes = watch_output_crash(&watch->output, ended, &out->has_crash, &out->crash);
}

void watch_next_crash(struct watch *watch)
{
	watch_output_next(&watch->output);
}

uint64_t watch_memory(struct watch *watch)
{
	struct watch_processes processes;
	uint64_t out = 0;
	if (!watch->pid || (!watch->command && watch_has_ended(watch)))
		return 0;
	if (watch_processes_of(&processes, watch->pid) == FAULT_NONE) {
		if (!watch_processes_memory(&processes, watch->memory, &out)) {
			watch->memory = WATCH_MEMORY_RSS;
			(void)watch_processes_memory(&processes, watch->memory, &out);
		}
	}
	watch_processes_release(&processes);
	return out;
}

static bool any_lives(const struct watch_processes *processes)
{
	for (size_t i = 0; i < processes->len; i++)
		if (watch_process_lives(&processes->items[i]))
			return true;
	return false;
}

/* False when some of them live on. */
static bool await(const struct watch_processes *processes, unsigned ms)
{
	unsigned waited = 0;
	while (any_lives(processes)) {
		if (waited >= ms)
			return false;
		poll(NULL, 0, TICK_MS);
		waited += TICK_MS;
	}
	return true;
}

/* The group at once; and those that have one of their own, but were among the descendants. */
static void signal_all(const struct watch_processes *processes, pid_t group, int number)
{
	kill(-group, number);
	for (size_t i = 0; i < processes->len; i++) {
		const struct watch_process *process = &processes->items[i];
		if (process->group != group && watch_process_lives(process))
			kill(process->pid, number);
	}
}

/* Descendants are listed before anybody dies: orphans are nobody's. */
static void end_all(const struct watch *watch)
{
	struct watch_processes processes, late;
	bool listed = watch_processes_of(&processes, watch->pid) == FAULT_NONE;
	kill(-watch->pid, SIGTERM);
	if (!listed || !await(&processes, watch->grace_ms))
		signal_all(&processes, watch->pid, SIGKILL);
	(void)await(&processes, LINGER_MS);
	/* Whoever was forked meanwhile is of the group. */
	if (watch_processes_of(&late, watch->pid) == FAULT_NONE && late.len) {
		signal_all(&late, watch->pid, SIGKILL);
		(void)await(&late, LINGER_MS);
	}
	watch_processes_release(&late);
	watch_processes_release(&processes);
}

void watch_stop(struct watch *watch)
{
	if (!watch->pid)
		return;
	if (watch->command) {
		(void)watch_has_ended(watch);
		end_all(watch);
		watch_guard_release(watch);
		(void)watch_has_ended(watch);
		while (waitpid(watch->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
		watch_output_close(&watch->output);
	}
	watch->pid = 0;
}

enum fault watch_restart(struct watch *watch, char *why, size_t why_len)
{
	watch_stop(watch);
	watch->restarts++;
	return watch_start(watch, why, why_len);
}

static void put_signal(struct text *out, int number)
{
	const char *name = sigabbrev_np(number);
	if (name)
		text_join(out, "SIG", name);
	else
		text_printf(out, "signal %d", number);
}

void watch_end_put(struct text *out, const struct watch_end *end)
{
	switch (end->state) {
	case WATCH_ALIVE:
		text_put(out, "is alive");
		break;
	case WATCH_GONE:
		text_put(out, "is gone");
		break;
	case WATCH_KILLED:
		text_put(out, "was killed by ");
		put_signal(out, end->number);
		break;
	case WATCH_EXITED:
		text_printf(out, "ended with status %d", end->number);
		if (end->number > 128 && sigabbrev_np(end->number - 128)) {
			text_put(out, ", as a shell tells of ");
			put_signal(out, end->number - 128);
		}
		break;
	}
}
