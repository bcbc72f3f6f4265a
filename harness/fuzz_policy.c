/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "policy/lint.h"
#include "script/policy_reader.h"
#include "script/policy_writer.h"

/* Reads `text`; formats it into `out` when it is a policy. */
static bool read_and_format(struct text *out, struct span text)
{
	struct arena arena;
	struct diags diags;
	struct policy policy;
	arena_init(&arena, POLICY_ARENA_MAX);
	diags_init(&diags, &arena);
	enum fault fault = policy_read(&policy, &arena, &diags, "input", text);
	CHECK(fault != FAULT_INPUT || diags.errors > 0);
	if (fault == FAULT_NONE) {
		policy_lint(&policy, &diags);
		policy_format(out, &policy);
	}
	arena_release(&arena);
	return fault == FAULT_NONE;
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
