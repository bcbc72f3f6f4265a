/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/watch.h"

#define ASAN_OPTIONS	"ASAN_OPTIONS=quarantine_size_mb=16:thread_local_quarantine_size_kb=64"
#define GUARD_TICK_MS	20
#define DESCRIPTORS_MAX 65536

/*
 * Behind fork, only what is safe in a signal handler is called: the tool has other threads, whose
 * locks nobody would open.
 */

static void default_signals(void)
{
	sigset_t none;
	for (int number = 1; number < NSIG; number++)
		(void)signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A kernel that is older than close_range must not keep the guard from seeing our end. */
static void close_from(int first)
{
	if (close_range((unsigned)first, ~0U, 0) == 0)
		return;
	for (int fd = first; fd < DESCRIPTORS_MAX; fd++)
		close(fd);
}

_Noreturn static void serve(const char *command, char **environment, int writer, pid_t parent)
{
	static const char failed[] = "cannot run /bin/" WATCH_SHELL "\n";
	char shell[] = WATCH_SHELL, option[] = "-c";
	union {
		const char *constant;
		char *plain; /* what execve takes, and does not change */
	} text = { .constant = command };
	char *const argv[] = { shell, option, text.plain, NULL };
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	int input = open("/dev/null", O_RDONLY);
	if (input < 0 || dup2(input, 0) < 0 || dup2(writer, 1) < 0 || dup2(writer, 2) < 0)
		_exit(127);
	close_from(3);
	default_signals();
	execve("/bin/" WATCH_SHELL, argv, environment);
	ssize_t written = write(2, failed, sizeof(failed) - 1);
	(void)written;
	_exit(127);
}

/* Signals stay blocked: the guard has no part in what the terminal sends, and runs no handler. */
_Noreturn static void guard(pid_t group, int lifeline)
{
	char byte;
	setsid();
	dup2(lifeline, 0);
	close_from(1);
	while (read(0, &byte, 1) < 0 && errno == EINTR)
		continue;
	kill(-group, SIGTERM);
	for (int waited = 0; waited < WATCH_GRACE_MS && kill(-group, 0) == 0;
	     waited += GUARD_TICK_MS)
		poll(NULL, 0, GUARD_TICK_MS);
	kill(-group, SIGKILL);
	_exit(0);
}

static bool start_guard(struct watch *watch)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	watch->guard = fork();
	if (watch->guard == 0)
		guard(watch->pid, ends[0]);
	close(ends[0]);
	if (watch->guard < 0) {
		watch->guard = 0;
		close(ends[1]);
		return false;
	}
	watch->lifeline = ends[1];
	return true;
}

/* Who started us may have it ignored: then the system throws away how a child ended. */
static void keep_ends_of_children(void)
{
	struct sigaction action;
	if (sigaction(SIGCHLD, NULL, &action) == 0 && action.sa_handler == SIG_IGN)
		(void)signal(SIGCHLD, SIG_DFL);
}

/* The server's environment is ours, and one variable more; NULL when out of memory. */
static char **environment_of(char *asan)
{
	size_t len = 0;
	while (environ[len])
		len++;
	char **out = calloc(len + 2, sizeof(*out));
	if (!out)
		return NULL;
	memcpy(out, environ, len * sizeof(*out));
	out[len] = getenv("ASAN_OPTIONS") ? NULL : asan;
	return out;
}

enum fault watch_spawn(struct watch *watch, int writer)
{
	char asan[] = ASAN_OPTIONS;
	char **environment = environment_of(asan);
	sigset_t all, before;
	struct watch_process process;
	pid_t self = getpid();
	if (!environment)
		return FAULT_NO_MEMORY;
	keep_ends_of_children();
	/* No handler of ours runs in what is forked. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	watch->pid = fork();
	if (watch->pid == 0)
		serve(watch->command, environment, writer, self);
	if (watch->pid > 0) {
		/* Here as well as there: whoever is first. */
		setpgid(watch->pid, watch->pid);
		if (watch_process_read(&process, watch->pid))
			watch->birth = process.birth;
		if (!start_guard(watch)) {
			kill(watch->pid, SIGKILL);
			waitpid(watch->pid, NULL, 0);
			watch->pid = 0;
		}
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(environment);
	if (watch->pid > 0)
		return FAULT_NONE;
	watch->pid = 0;
	return FAULT_IO;
}

void watch_guard_release(struct watch *watch)
{
	if (!watch->guard)
		return;
	kill(watch->guard, SIGKILL);
	while (waitpid(watch->guard, NULL, 0) < 0 && errno == EINTR)
		continue;
	close(watch->lifeline);
	watch->guard = 0;
}
