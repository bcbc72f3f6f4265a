/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz_keep.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/packets.h"

/* In the order in which they appear. */
enum kept_file { KEPT_BYTES, KEPT_PACKETS, KEPT_CASE, KEPT_FILES };

static const char *const suffixes[KEPT_FILES] = { "bin", "pcapng", "case" };

/* A file on its way: `temporary` until it is complete, `path` from then on. */
struct keeping {
	struct text content;
	char *path, *temporary;
	bool is_placed;
};

static int refuse(const char *who, const char *path, const char *why)
{
	complain(who, "cannot write '%s': %s", path, why);
	return STATUS_FAULT;
}

/* No path, no hidden file, nothing that a shell or a file system would read otherwise. */
static bool is_name(const char *name)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				   "0123456789._-";
	size_t len = strlen(name);
	return len > 0 && len <= CASE_NAME_MAX && name[0] != '.' && name[0] != '-' &&
	       strspn(name, good) == len;
}

static void packets_write(struct text *out, const struct fuzz_kept *kept)
{
	static const struct pcap_endpoint local = { .address = { 127, 0, 0, 1 },
						    .address_len = 4,
						    .port = 443 };
	struct pcap_write writes[] = {
		{ .time_us = kept->opened_us, .bytes = kept->sent },
		{ .from_server = true, .time_us = kept->closed_us, .bytes = kept->received },
	};
	struct pcap_conversation conversation = {
		.server = kept->server ? *kept->server : local,
		.opened_us = kept->opened_us,
		.closed_us = kept->closed_us,
		.comment = kept->found,
		.writes = writes,
		.writes_len = kept->received.len ? 2 : 1,
		.end = kept->end,
	};
	conversation.client = packets_client(&conversation.server, 0);
	pcapng_begin(out, "tlsgauge " TLSGAUGE_VERSION);
	pcapng_conversation(out, &conversation);
}

static int contents_make(struct keeping *files, const char *who, const struct fuzz_kept *kept)
{
	text_append(&files[KEPT_BYTES].content, kept->sent);
	packets_write(&files[KEPT_PACKETS].content, kept);
	enum fault fault = stanza_write(&files[KEPT_CASE].content, kept->stanza, kept->sent);
	for (size_t i = 0; i < KEPT_FILES && fault == FAULT_NONE; i++)
		fault = files[i].content.fault;
	if (fault == FAULT_NONE)
		return STATUS_PASS;
	complain(who, "cannot write the case '%s': %s", kept->stanza->name, fault_text(fault));
	return STATUS_FAULT;
}

static FILE *temporary_open(struct keeping *file)
{
	int fd = mkstemp(file->temporary);
	if (fd < 0) {
		free(file->temporary);
		file->temporary = NULL;
		return NULL;
	}
	mode_t mask = umask(0);
	umask(mask);
	FILE *out = fchmod(fd, 0666 & ~mask) == 0 ? fdopen(fd, "wb") : NULL;
	if (!out)
		close(fd);
	return out;
}

static int temporary_write(struct keeping *file, const char *who)
{
	if (asprintf(&file->temporary, "%s.XXXXXX", file->path) < 0) {
		file->temporary = NULL;
		return refuse(who, file->path, fault_text(FAULT_NO_MEMORY));
	}
	FILE *out = temporary_open(file);
	if (!out)
		return refuse(who, file->path, strerror(errno));
	size_t len = file->content.len;
	bool good = fwrite(text_view(&file->content), 1, len, out) == len;
	int why = errno;
	good = fclose(out) == 0 && good;
	return good ? STATUS_PASS : refuse(who, file->path, strerror(why ? why : errno));
}

static int place(struct keeping *file, const char *who)
{
	if (rename(file->temporary, file->path) != 0)
		return refuse(who, file->path, strerror(errno));
	free(file->temporary);
	file->temporary = NULL;
	file->is_placed = true;
	return STATUS_PASS;
}

static int files_write(struct keeping *files, const char *who, const char *directory,
		       const char *name)
{
	int status = STATUS_PASS;
	if (mkdir(directory, 0777) != 0 && errno != EEXIST) {
		complain(who, "cannot make '%s': %s", directory, strerror(errno));
		return STATUS_FAULT;
	}
	for (size_t i = 0; i < KEPT_FILES && status == STATUS_PASS; i++) {
		if (asprintf(&files[i].path, "%s/%s.%s", directory, name, suffixes[i]) < 0) {
			files[i].path = NULL;
			return complain_fault(who, FAULT_NO_MEMORY);
		}
		status = temporary_write(&files[i], who);
	}
	for (size_t i = 0; i < KEPT_FILES && status == STATUS_PASS; i++)
		status = place(&files[i], who);
	return status;
}

static void files_release(struct keeping *files, bool whole)
{
	for (size_t i = 0; i < KEPT_FILES; i++) {
		if (files[i].temporary)
			unlink(files[i].temporary);
		if (files[i].is_placed && !whole)
			unlink(files[i].path);
		free(files[i].temporary);
		free(files[i].path);
		text_release(&files[i].content);
	}
}

int fuzz_keep(const char *who, const char *directory, const struct fuzz_kept *kept)
{
	struct keeping files[KEPT_FILES] = { 0 };
	const char *name = kept->stanza->name;
	if (!is_name(name)) {
		complain(who, "a finding cannot be called '%s'", name);
		return STATUS_FAULT;
	}
	for (size_t i = 0; i < KEPT_FILES; i++)
		text_init(&files[i].content);
	int status = contents_make(files, who, kept);
	if (status == STATUS_PASS)
		status = files_write(files, who, directory, name);
	files_release(files, status == STATUS_PASS);
	return status;
}
