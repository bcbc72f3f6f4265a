/* SPDX-License-Identifier: Apache-2.0 */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>

#define TEXT_MAX 1024

void diags_init(struct diags *diags, struct arena *arena)
{
	*diags = (struct diags){ .arena = arena };
}

static void count(struct diags *diags, enum diag_level level)
{
	switch (level) {
	case DIAG_ERROR:
		diags->errors++;
		break;
	case DIAG_WARNING:
		diags->warnings++;
		break;
	case DIAG_NOTE:
		diags->notes++;
		break;
	}
}

void diag_add(struct diags *diags, enum diag_level level, struct place at, const char *format, ...)
{
	char text[TEXT_MAX];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);

	count(diags, level);
	if (diags->errors + diags->warnings + diags->notes > DIAGS_MAX)
		return;
	struct diag *diag = arena_alloc(diags->arena, sizeof(*diag));
	if (!diag)
		return;
	*diag = (struct diag){ .at = at, .level = level };
	diag->text = arena_text(diags->arena, span_text(text));
	if (diags->last)
		diags->last->next = diag;
	else
		diags->first = diag;
	diags->last = diag;
}

const char *diag_level_name(enum diag_level level)
{
	static const char *const names[] = { "error", "warning", "note" };
	return names[level];
}
