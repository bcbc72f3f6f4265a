/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/policy_source.h"
#include "script/builtin.h"
#include "script/policy_reader.h"

static const struct builtin_file *builtin_policy(const char *name)
{
	for (size_t i = 0; i < builtin_policies_len; i++)
		if (strcmp(builtin_policies[i].name, name) == 0)
			return &builtin_policies[i];
	return NULL;
}

static enum fault policy_unknown(const char *name)
{
	const char **names = calloc(builtin_policies_len + 1, sizeof *names);
	if (!names)
		return FAULT_NO_MEMORY;
	for (size_t i = 0; i < builtin_policies_len; i++)
		names[i] = builtin_policies[i].name;
	const char *nearest = text_nearest(name, names);
	fprintf(stderr, "tlsgauge: no policy '%s', neither built in nor as a file", name);
	if (nearest)
		fprintf(stderr, "; did you mean '%s'?", nearest);
	fputc('\n', stderr);
	free(names);
	return FAULT_USAGE;
}

static enum fault file_unreadable(const char *path, const char *why)
{
	fprintf(stderr, "tlsgauge: cannot read policy '%s': %s\n", path, why);
	return FAULT_INPUT;
}

static enum fault file_read(struct span *out, struct arena *arena, const char *path, FILE *file)
{
	uint8_t *bytes = arena_alloc(arena, POLICY_FILE_MAX + 1);
	if (!bytes)
		return FAULT_NO_MEMORY;
	size_t len = fread(bytes, 1, POLICY_FILE_MAX + 1, file);
	if (ferror(file))
		return file_unreadable(path, strerror(errno));
	if (len > POLICY_FILE_MAX)
		return file_unreadable(path, "larger than 1 MiB");
	*out = span_of(bytes, len);
	return FAULT_NONE;
}

static enum fault policy_text(struct span *out, const char **name, struct arena *arena)
{
	const struct builtin_file *builtin = builtin_policy(*name);
	if (builtin) {
		*out = builtin->text;
		*name = builtin->path;
		return FAULT_NONE;
	}
	FILE *file = fopen(*name, "rbe");
	if (!file)
		return errno == ENOENT && !strchr(*name, '/')
			       ? policy_unknown(*name)
			       : file_unreadable(*name, strerror(errno));
	enum fault fault = file_read(out, arena, *name, file);
	fclose(file);
	return fault;
}

static void diags_show(const struct diags *diags)
{
	for (const struct diag *d = diags->first; d; d = d->next)
		fprintf(stderr, "%s:%u:%u: %s%s%s\n", d->at.file, d->at.line, d->at.col,
			d->level == DIAG_ERROR ? "" : diag_level_name(d->level),
			d->level == DIAG_ERROR ? "" : ": ", d->text);
}

enum fault policy_load(struct policy *out, struct arena *arena, const char *name_or_path)
{
	const char *name = name_or_path;
	struct span text;
	enum fault fault = policy_text(&text, &name, arena);
	if (fault != FAULT_NONE)
		return fault;
	struct diags diags;
	diags_init(&diags, arena);
	fault = policy_read(out, arena, &diags, name, text);
	diags_show(&diags);
	if (fault != FAULT_NONE && !diags.errors)
		fprintf(stderr, "tlsgauge: cannot use policy '%s': %s\n", name, fault_text(fault));
	return fault;
}

enum fault settings_apply(struct settings *settings, char **assignments, size_t len)
{
	char why[512];
	for (size_t i = 0; i < len; i++) {
		enum fault fault =
			settings_set(settings, span_text(assignments[i]), why, sizeof why);
		if (fault != FAULT_NONE) {
			fprintf(stderr, "tlsgauge: %s\n", why);
			return fault;
		}
	}
	return FAULT_NONE;
}

date date_today(void)
{
	return (date)(time(NULL) / 86400);
}
