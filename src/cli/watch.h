/* watch.h - a server of this machine while it is probed: what becomes of it, what it prints, how
 * much memory it takes; and how it is started anew. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "cli/watch_output.h"
#include "cli/watch_process.h"
#include "transport/resolve.h"

/* How long a server has to end after SIGTERM, before SIGKILL; `grace_ms` may be changed. */
#define WATCH_GRACE_MS 2000

/* In /bin; what runs a command. */
#define WATCH_SHELL    "sh"

enum watch_state {
	WATCH_ALIVE,
	WATCH_EXITED, /* by itself: `number` is its exit status */
	WATCH_KILLED, /* by the signal `number`, also when only the shell that waited says so */
	WATCH_GONE, /* the process of --pid is there no more; how it ended only its parent knows */
};

/* The end of the process that was started or named. When a child of it dies, only what is printed
 * tells: a sanitizer's report, or the parent's words, as PostgreSQL, nginx and Apache have them. */
struct watch_end {
	enum watch_state state;
	int number;
};

/*
 * One thread uses a watch: the main one, for the server is sent SIGTERM when the thread that
 * started it ends. A watch does not move while it is in use (80 KiB; it need not be initialized).
 * `command` is the caller's, and outlives the watch.
 */
struct watch {
	const char *command; /* of --exec, or NULL: the process is not ours */
	struct address at;   /* where it listens; only of --exec */
	unsigned timeout_ms, grace_ms;
	pid_t pid; /* of the shell that runs the command, or of --pid; 0: none */
	uint64_t birth;
	pid_t guard;	      /* ends the server should we be killed; 0: none */
	int lifeline;	      /* the guard waits for it to be closed, by us or by our end */
	struct watch_end end; /* ALIVE until the end was seen; the last one, when stopped */
	enum watch_memory_kind memory;
	uint64_t restarts; /* watch_restart was called, whatever came of it */
	struct watch_output output;
};

/* What watch_look saw. Whatever the server printed is made printable (crash_log.h). */
struct watch_report {
	struct watch_end end;
	uint64_t crashes; /* reports that were begun since the start, also by children */
	bool has_crash;	  /* `crash` is the first of them, or the first since watch_next_crash */
	struct crash_report crash;
};

/*
 * watch_exec runs `/bin/sh -c command`, and returns when somebody accepts connections at `at`, each
 * of which is closed at once, and half a second later, or after `timeout_ms`.
 *
 * The server leads a process group of its own, so that Ctrl-C is only ours; it has /dev/null to
 * read, no descriptor of ours, no signal blocked or ignored, and prints to us. It does not outlive
 * us, however we end: it is sent SIGTERM, its group SIGKILL WATCH_GRACE_MS later, by a process that
 * is forked for that. Where ASAN_OPTIONS is not set, it is set to keep little freed memory back:
 * the 256 MiB that are usual take so long to fill that they look like a leak.
 *
 * Faults, with one sentence in `why` that begins with "'--exec': ": INPUT, when something listens
 * there before, when the command ends first or at once (with the last line that it printed), or
 * when nothing listens in time; IO, when no process could be made. After a fault nothing runs, but
 * what left the command's group for a session of its own; watch_look and watch_output_* tell of the
 * process that was tried, and watch_restart may be called.
 */
MUST_USE enum fault watch_exec(struct watch *watch, const char *command, const struct address *at,
			       unsigned timeout_ms, char *why, size_t why_len);

/*
 * watch_pid watches a process that somebody else started: its end and its memory, but neither its
 * output nor its exit status, and it cannot be restarted. Fault: INPUT, with one sentence that
 * begins with "'--pid': ", when there is no such process.
 */
MUST_USE enum fault watch_pid(struct watch *watch, pid_t pid, char *why, size_t why_len);

/*
 * watch_look says what is known by now, and never waits. Once the server is dead, everything that
 * it had printed by then was read; while it lives, what was printed before the call. A report that
 * is not `whole` yet may be longer at the next look. Costs some five system calls.
 */
void watch_look(struct watch *watch, struct watch_report *out);

/* watch_next_crash forgets the report that watch_look tells of, so that it tells of the next one:
 * for servers that live on. The number of reports stays; one that began since the look is counted
 * and not kept. */
void watch_next_crash(struct watch *watch);

/*
 * watch_memory is what the server, its group and its descendants take at the moment, in bytes; 0
 * when nothing runs. As Pss where the kernel tells, otherwise as resident pages. Reads every
 * process of the system's, some milliseconds: not for each probe.
 */
uint64_t watch_memory(struct watch *watch);

/*
 * watch_restart ends what still runs, and starts the command anew; the output, the reports and
 * their number begin anew, too. Leaks are often told at the end of a process: to see what is
 * printed there, call watch_stop, watch_look and watch_restart, which then has nothing to end.
 * Waits up to `grace_ms` and `timeout_ms`. Only of --exec. Faults: as watch_exec.
 */
MUST_USE enum fault watch_restart(struct watch *watch, char *why, size_t why_len);

/*
 * watch_stop ends the server, its group and its descendants: SIGTERM, and SIGKILL for what is left
 * after `grace_ms`; returns when they are gone. Of --pid nothing is ended. watch_look and
 * watch_output_* still tell of the end, which is then ours, unless it was seen before. Must be
 * called once for each watch_exec and watch_pid that succeeded; again does no harm.
 */
void watch_stop(struct watch *watch);

/* watch_end_put appends "was killed by SIGSEGV", "ended with status 1", "is gone" or "is alive". */
void watch_end_put(struct text *out, const struct watch_end *end);

/* watch_start.c: what watch_exec and watch_restart have in common. */
MUST_USE enum fault watch_start(struct watch *watch, char *why, size_t why_len);

/* watch_spawn.c: forks the server, with `writer` for its output, and the guard. Fault: IO. */
MUST_USE enum fault watch_spawn(struct watch *watch, int writer);
void watch_guard_release(struct watch *watch);

/* watch.c: notes the end, where there is one; the process is kept as a zombie, so that its number,
 * which is the group's, is nobody else's until watch_stop. */
bool watch_has_ended(struct watch *watch);

#endif
