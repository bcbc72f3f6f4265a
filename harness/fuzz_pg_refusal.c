/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_pg.h"

const size_t harness_memory_max = 0;

/* An ErrorResponse: every one has a kind, a name, a sentence and a gate. */
void harness_run(struct span input)
{
	static struct refusal refusal;
	struct cursor in = cursor_over(input);
	struct postgres_message message = { .type = 'E', .version2 = cursor_u8(&in) & 1 };
	message.body = cursor_rest(&in);
	if (!postgres_error_read(&refusal, &message))
		return;
	enum pg_refusal_kind kind = pg_refusal_kind(&refusal);
	CHECK(pg_refusal_name(kind) && pg_refusal_text(kind));
	CHECK(strlen(refusal.message) < sizeof(refusal.message));
	harness_note_number(kind * 64u + pg_refusal_gate(kind) * 8u +
			    postgres_error_gate(&refusal));
	harness_note_number(pg_refusal_encryption(&refusal));
}
