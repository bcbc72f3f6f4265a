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

/* A shell that waited for its last command ends with 128 and the number of the signal. The zombie
 * still has the name of who it was: whoever was executed in its place speaks for itself. */
static int signal_of_shell(const struct watch *watch, int status)
{
	struct watch_process process;
	bool is_shell =
		watch_process_read(&process, watch->pid) && strcmp(process.name, WATCH_SHELL) == 0;
	return is_shell && status > 128 && sigabbrev_np(status - 128) ? status - 128 : 0;
}

static struct watch_end end_of(const struct watch *watch, const siginfo_t *info)
{
	int status = info->si_status;
	if (info->si_code != CLD_EXITED)
		return (struct watch_end){ .state = WATCH_KILLED, .number = status };
	int number = signal_of_shell(watch, status);
	return number ? (struct watch_end){ .state = WATCH_KILLED, .number = number }
		      : (struct watch_end){ .state = WATCH_EXITED, .number = status };
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
		watch->end = end_of(watch, &info);
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

/* The group at once; and each by itself, for it may have left the group since it was listed. */
static void kill_all(const struct watch_processes *processes, pid_t group)
{
	kill(-group, SIGKILL);
	for (size_t i = 0; i < processes->len; i++)
		if (watch_process_lives(&processes->items[i]))
			kill(processes->items[i].pid, SIGKILL);
}

/* Descendants are listed before anybody dies: orphans are nobody's. */
static void end_all(const struct watch *watch)
{
	struct watch_processes processes, late;
	bool listed = watch_processes_of(&processes, watch->pid) == FAULT_NONE;
	kill(-watch->pid, SIGTERM);
	if (!listed || !await(&processes, watch->grace_ms))
		kill_all(&processes, watch->pid);
	(void)await(&processes, LINGER_MS);
	/* Whoever was forked meanwhile is of the group. */
	if (watch_processes_of(&late, watch->pid) == FAULT_NONE && late.len) {
		kill_all(&late, watch->pid);
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

void watch_end_put(struct text *out, const struct watch_end *end)
{
	const char *name;
	switch (end->state) {
	case WATCH_ALIVE:
		text_put(out, "is alive");
		break;
	case WATCH_GONE:
		text_put(out, "is gone");
		break;
	case WATCH_KILLED:
		name = sigabbrev_np(end->number);
		if (name)
			text_join(out, "was killed by SIG", name);
		else
			text_printf(out, "was killed by signal %d", end->number);
		break;
	case WATCH_EXITED:
		text_printf(out, "ended with status %d", end->number);
		break;
	}
}
