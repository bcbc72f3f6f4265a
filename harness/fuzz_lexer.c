/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "harness.h"
#include "rig_policy.h"
#include "script/lexer.h"

const size_t harness_memory_max = (size_t)32 << 20;

/* Tokens follow each other inside the text, and no character is lost but blanks. */
void harness_run(struct span input)
{
	struct lexer lexer;
	struct diags diags;
	diags_init(&diags, harness_arena(0, POLICY_ARENA_MAX));
	rig_source_is_bounded(input);
	if (source_check(&diags, "input", input, POLICY_FILE_MAX) != FAULT_NONE)
		return;
	lexer_init(&lexer, &diags, "input", input);
	const uint8_t *end = input.at;
	for (struct token t = lexer_next(&lexer); t.kind != TOKEN_END; t = lexer_next(&lexer)) {
		harness_step();
		end = rig_token_follows(&t, end, input, diags.errors > 0);
	}
	rig_diags_lie_within(&diags, input);
}
