/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_policy.h"

#include "base/limits.h"
#include "harness.h"
#include "policy/lint.h"
#include "script/builtin.h"
#include "script/policy_reader.h"
#include "script/policy_writer.h"

#define POLICIES_MAX 128
#define SOURCE_SMALL 256
#define WANT_ONE_IN  4
#define WANT_LEAST   1024
#define WANT_STEP    512
#define WANT_STEPS   64

void rig_diags_lie_within(const struct diags *diags, struct span text)
{
	size_t lines = 1;
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		CHECK(diag->at.line <= lines + 1 && diag->at.col <= text.len + 1);
		harness_note(span_text(diag->text));
	}
}

/* Blanks, the ends of lines, quotes, and the mark at the beginning of a file. */
static bool is_between(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '"' || c >= 0x80;
}

const uint8_t *rig_token_follows(const struct token *token, const uint8_t *end, struct span text,
				 bool refused)
{
	const uint8_t *at = token->text.at;
	harness_note_number(token->kind);
	if (!token->text.len)
		return end;
	CHECK(at >= end && at + token->text.len <= text.at + text.len);
	for (; end < at && !refused; end++)
		CHECK(is_between(*end));
	harness_note(token->text);
	return at + token->text.len;
}

/* Reads with so little memory that it may end. */
static void read_in_want(struct span text)
{
	struct arena arena;
	struct diags diags;
	struct policy policy;
	arena_init(&arena, WANT_LEAST + text.len % WANT_STEPS * WANT_STEP);
	diags_init(&diags, &arena);
	enum fault fault = policy_read(&policy, &arena, &diags, "input", text);
	CHECK(fault == FAULT_NONE || fault == FAULT_INPUT || fault == FAULT_TOO_LARGE);
	harness_note_number(fault);
	arena_release(&arena);
}

void rig_source_is_bounded(struct span text)
{
	struct diags diags;
	diags_init(&diags, harness_arena(1, POLICY_ARENA_MAX));
	enum fault fault = source_check(&diags, "input", text, SOURCE_SMALL);
	CHECK(fault == FAULT_NONE || diags.errors > 0);
	CHECK(text.len <= SOURCE_SMALL || fault == FAULT_INPUT);
}

bool rig_policy_format(struct text *out, struct span text)
{
	struct arena arena;
	struct diags diags;
	struct policy policy;
	arena_init(&arena, POLICY_ARENA_MAX);
	diags_init(&diags, &arena);
	enum fault fault = policy_read(&policy, &arena, &diags, "input", text);
	CHECK(fault != FAULT_INPUT || diags.errors > 0);
	CHECK(fault == FAULT_NONE || fault == FAULT_INPUT);
	if (fault == FAULT_NONE) {
		policy_lint(&policy, &diags);
		policy_format(out, &policy);
	}
	rig_diags_lie_within(&diags, text);
	arena_release(&arena);
	if (text.len % WANT_ONE_IN == 0)
		read_in_want(text);
	return fault == FAULT_NONE;
}

const struct policy *rig_policy(uint8_t choice)
{
	static struct policy policies[POLICIES_MAX];
	static struct arena arena;
	static bool ready;
	static size_t len;
	if (harness_once(&ready)) {
		struct diags diags;
		arena_init(&arena, (size_t)POLICIES_MAX * POLICY_ARENA_MAX);
		diags_init(&diags, &arena);
		CHECK(builtin_policies_len <= POLICIES_MAX);
		for (size_t i = 0; i < builtin_policies_len; i++)
			CHECK(policy_read(&policies[len++], &arena, &diags,
					  builtin_policies[i].path,
					  builtin_policies[i].text) == FAULT_NONE);
		harness_prepared();
	}
	return &policies[choice % len];
}
