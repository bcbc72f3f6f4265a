/* watch_options.h - --exec and --pid, for commands that watch a server of this machine. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_OPTIONS_H
#define CLI_WATCH_OPTIONS_H

#include "cli/watch.h"

/* Neither is given: NULL and 0. `exec` points into argv. */
struct watch_options {
	const char *exec;
	pid_t pid;
};

/* The lines of a command's option table, with the command's key and group. */
#define WATCH_OPTION_EXEC(KEY, GROUP)                                                              \
	{                                                                                          \
		"exec", KEY, "CMD", 0, WATCH_EXEC_HELP, GROUP                                      \
	}
#define WATCH_OPTION_PID(KEY, GROUP)                                                               \
	{                                                                                          \
		"pid", KEY, "N", 0, WATCH_PID_HELP, GROUP                                          \
	}
#define WATCH_EXEC_HELP                                                                            \
	"start the server with this shell command, watch its end, its sanitizer reports and its "  \
	"memory, and start it again when it ends; it must stay in the foreground"
#define WATCH_PID_HELP "watch the end and the memory of a server that runs already"

/*
 * watch_options_take reads both values as written, NULL where an option was not given. Refused:
 * both at once, a command of nothing but blanks, a number that is none of a process, or our own.
 * STATUS_PASS, or STATUS_USAGE after one sentence in the name of `who`.
 */
int watch_options_take(struct watch_options *out, const char *who, const char *exec,
		       const char *pid);

/* watch_options_given says whether there is anything to watch. */
bool watch_options_given(const struct watch_options *options);

/*
 * watch_options_check refuses an address that is not loopback (127.0.0.0/8, ::1, and 127.0.0.0/8
 * mapped into IPv6), when there is anything to watch: what is watched is a process of this machine,
 * and must be what is probed. STATUS_PASS, or STATUS_USAGE after one sentence.
 */
int watch_options_check(const struct watch_options *options, const char *who,
			const struct address *at);

/*
 * watch_options_begin is watch_exec or watch_pid, whichever was asked for; only when anything was.
 * STATUS_PASS; STATUS_USAGE or STATUS_FAULT after one sentence.
 */
int watch_options_begin(const struct watch_options *options, const char *who, struct watch *watch,
			const struct address *at, unsigned timeout_ms);

#endif
