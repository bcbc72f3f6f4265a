/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "case/catalogue.h"
#include "harness.h"

/* Reads and links `text`; formats it into `out`, as far as that fits, when it can be read. */
static bool read_and_format(struct text *out, struct span text)
{
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	arena_init(&arena, CASE_ARENA_MAX);
	diags_init(&diags, &arena);
	catalogue_init(&catalogue, &arena, &diags);
	enum fault fault = catalogue_read(&catalogue, "input", text);
	CHECK(fault != FAULT_INPUT || diags.errors > 0);
	bool formatted =
		fault == FAULT_NONE && case_file_format(out, &diags, "input", text) == FAULT_NONE;
	if (fault == FAULT_NONE)
		CHECK(catalogue_link(&catalogue) != FAULT_INPUT || diags.errors > 0);
	arena_release(&arena);
	return formatted;
}

/* Formatting is a fixpoint, and what was formatted can be read. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct text once, twice;
	text_init(&once);
	text_init(&twice);
	if (read_and_format(&once, span_of(bytes, len))) {
		CHECK(read_and_format(&twice, span_text(text_view(&once))));
		CHECK(strcmp(text_view(&once), text_view(&twice)) == 0);
	}
	text_release(&once);
	text_release(&twice);
	return 0;
}
