/* watch_process.h - a process and those that it started, as /proc tells of them. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_WATCH_PROCESS_H
#define CLI_WATCH_PROCESS_H

#include <sys/types.h>

#include "base/fault.h"
#include "base/span.h"

#define WATCH_NAME_MAX 32

/* `birth`, in clock ticks since the system started, tells a process from a later one that got the
 * same number. */
struct watch_process {
	pid_t pid, parent, group;
	uint64_t birth;
	char name[WATCH_NAME_MAX]; /* of the program, its first 15 characters; any bytes */
	bool zombie;		   /* it has ended, and nobody has asked how */
	bool ours;
};

struct watch_processes {
	struct watch_process *items;
	size_t len, cap;
};

/* watch_process_read reads one process; false when there is none of that number. */
bool watch_process_read(struct watch_process *out, pid_t pid);

/* watch_process_lives says whether `process` still runs, as itself; a zombie does not. */
bool watch_process_lives(const struct watch_process *process);

/*
 * watch_processes_of lists `root`, the processes of the group that it leads, and the descendants of
 * all of them, zombies left out. What double-forks into a session of its own escapes. Free with
 * watch_processes_release, also after a fault. Faults: IO, NO_MEMORY.
 */
MUST_USE enum fault watch_processes_of(struct watch_processes *out, pid_t root);

void watch_processes_release(struct watch_processes *processes);

/* How memory is counted: Pss counts a page that n processes share as 1/n of it in each, so that the
 * workers of a forking server are not counted as copies; not every kernel or user may read it. */
enum watch_memory_kind { WATCH_MEMORY_PSS, WATCH_MEMORY_RSS };

/* watch_processes_memory adds the processes' memory in bytes; one that is gone by now counts as
 * nothing. False when the kind cannot be read. */
bool watch_processes_memory(const struct watch_processes *processes, enum watch_memory_kind kind,
			    uint64_t *out);

#endif
