/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/file.h"
#include "cli/policy_source.h"
#include "script/builtin_find.h"
#include "script/policy_reader.h"

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

static enum fault policy_text(struct span *out, const char **name, struct arena *arena)
{
	const struct builtin_file *builtin = builtin_find(builtin_policies, span_text(*name));
	char why[512] = "";
	if (builtin) {
		*out = builtin->text;
		*name = builtin->path;
		return FAULT_NONE;
	}
	if (!strchr(*name, '/') && access(*name, F_OK) != 0)
		return policy_unknown(*name);
	enum fault fault = file_read(out, arena, *name, POLICY_FILE_MAX, why, sizeof why);
	if (fault != FAULT_NONE)
		fprintf(stderr, "tlsgauge: %s\n", *why ? why : fault_text(fault));
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
