/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/watch_process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PROCESSES_MAX 65536

/* The beginning of /proc/PID/NAME, terminated; false with errno where it cannot be read. */
static bool read_file(pid_t pid, const char *name, char *out, size_t out_len)
{
	char path[64];
	snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	ssize_t n = read(fd, out, out_len - 1);
	int error = errno;
	close(fd);
	errno = error;
	out[n > 0 ? n : 0] = '\0';
	return n >= 0;
}

bool watch_process_read(struct watch_process *out, pid_t pid)
{
	char text[1024], state;
	int parent, group;
	unsigned long long birth;
	if (!read_file(pid, "stat", text, sizeof(text)))
		return false;
	/* The name, in parentheses, may hold anything; proc(5) counts what follows from 3 on. */
	const char *name = strchr(text, '('), *name_end = strrchr(text, ')');
	if (!name || !name_end ||
	    sscanf(name_end + 1,
		   " %c %d %d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
		   &state, &parent, &group, &birth) != 4)
		return false;
	*out = (struct watch_process){ .pid = pid,
				       .parent = parent,
				       .group = group,
				       .birth = birth,
				       .zombie = state == 'Z' || state == 'X' };
	snprintf(out->name, sizeof(out->name), "%.*s", (int)(name_end - name - 1), name + 1);
	return true;
}

bool watch_process_lives(const struct watch_process *process)
{
	struct watch_process now;
	return watch_process_read(&now, process->pid) && now.birth == process->birth && !now.zombie;
}

static enum fault add(struct watch_processes *out, const struct watch_process *process)
{
	if (out->len == out->cap) {
		size_t cap = out->cap ? 2 * out->cap : 256;
		struct watch_process *grown =
			cap > PROCESSES_MAX ? NULL
					    : reallocarray(out->items, cap, sizeof(*out->items));
		if (!grown)
			return FAULT_NO_MEMORY;
		out->items = grown;
		out->cap = cap;
	}
	out->items[out->len++] = *process;
	return FAULT_NONE;
}

static enum fault read_all(struct watch_processes *out)
{
	enum fault fault = FAULT_NONE;
	struct watch_process process;
	DIR *folder = opendir("/proc");
	if (!folder)
		return FAULT_IO;
	for (struct dirent *entry = readdir(folder); entry && fault == FAULT_NONE;
	     entry = readdir(folder)) {
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    watch_process_read(&process, (pid_t)strtol(entry->d_name, NULL, 10)))
			fault = add(out, &process);
	}
	closedir(folder);
	return fault;
}

static bool is_ours(const struct watch_processes *all, pid_t pid)
{
	for (size_t i = 0; i < all->len; i++)
		if (all->items[i].pid == pid)
			return all->items[i].ours;
	return false;
}

/* A child may stand before its parent: numbers start again at the top. */
static void mark(struct watch_processes *all, pid_t root)
{
	for (size_t i = 0; i < all->len; i++)
		all->items[i].ours = all->items[i].pid == root || all->items[i].group == root;
	for (bool changed = true; changed;) {
		changed = false;
		for (size_t i = 0; i < all->len; i++) {
			struct watch_process *process = &all->items[i];
			if (process->ours || !is_ours(all, process->parent))
				continue;
			process->ours = true;
			changed = true;
		}
	}
}

enum fault watch_processes_of(struct watch_processes *out, pid_t root)
{
	size_t kept = 0;
	*out = (struct watch_processes){ .items = NULL };
	enum fault fault = read_all(out);
	if (fault != FAULT_NONE)
		return fault;
	mark(out, root);
	for (size_t i = 0; i < out->len; i++)
		if (out->items[i].ours && !out->items[i].zombie)
			out->items[kept++] = out->items[i];
	out->len = kept;
	return FAULT_NONE;
}

void watch_processes_release(struct watch_processes *processes)
{
	free(processes->items);
	*processes = (struct watch_processes){ .items = NULL };
}

static bool pss_of(pid_t pid, uint64_t *out)
{
	char text[1024];
	unsigned long long kib;
	if (!read_file(pid, "smaps_rollup", text, sizeof(text)))
		return false;
	const char *line = strstr(text, "\nPss:");
	if (!line || sscanf(line, "\nPss: %llu kB", &kib) != 1) {
		errno = ENOTSUP;
		return false;
	}
	*out = kib * 1024;
	return true;
}

static bool rss_of(pid_t pid, uint64_t *out)
{
	char text[128];
	unsigned long long pages;
	if (!read_file(pid, "statm", text, sizeof(text)))
		return false;
	if (sscanf(text, "%*u %llu", &pages) != 1) {
		errno = ENOTSUP;
		return false;
	}
	*out = pages * (uint64_t)sysconf(_SC_PAGESIZE);
	return true;
}

bool watch_processes_memory(const struct watch_processes *processes, enum watch_memory_kind kind,
			    uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < processes->len; i++) {
		const struct watch_process *process = &processes->items[i];
		uint64_t bytes = 0;
		bool read = kind == WATCH_MEMORY_PSS ? pss_of(process->pid, &bytes)
						     : rss_of(process->pid, &bytes);
		/* A process that ended since it was listed is no reason to count otherwise. */
		if (!read && watch_process_lives(process))
			return false;
		*out += bytes;
	}
	return true;
}
