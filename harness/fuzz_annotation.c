/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "wire/annotation.h"

#define MEMORY_MAX ((size_t)128 << 20)

const size_t harness_memory_max = 2 * MEMORY_MAX;

/* The last byte says whose bytes they are. Every byte is in one field, in order, and no heading has
 * any. */
void harness_run(struct span input)
{
	struct annotation out;
	bool server = input.len && input.at[input.len - 1] & 1;
	enum fault fault = annotate(&out, input, server, harness_arena(0, MEMORY_MAX));
	size_t at = 0;
	CHECK(fault == FAULT_NONE || fault == FAULT_TOO_LARGE);
	for (size_t i = 0; fault == FAULT_NONE && i < out.len; i++) {
		CHECK(out.fields[i].offset == at && !(out.fields[i].heading && out.fields[i].len));
		harness_note(span_text(out.fields[i].name));
		at += out.fields[i].len;
	}
	CHECK(fault != FAULT_NONE || at == input.len);
}
