/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_violation.h"

#include <assert.h>
#include <stddef.h>

static const char *const texts[] = {
#define X(name, text) text,
	PG_VIOLATION_LIST(X)
#undef X
};

static const char *const names[] = {
	"none",
	"framing",
	"too_much",
	"unexpected_message",
	"malformed_message",
	"scram_syntax",
	"scram_nonce",
	"scram_iterations",
	"scram_error",
	"scram_signature",
	"scram_unfinished",
};

#define LEN (sizeof(texts) / sizeof(texts[0]))
static_assert(sizeof(names) / sizeof(names[0]) == LEN, "a name for each violation");

const char *pg_violation_name(enum pg_violation violation)
{
	assert((size_t)violation < LEN);
	return names[violation];
}

const char *pg_violation_text(enum pg_violation violation)
{
	assert((size_t)violation < LEN);
	return texts[violation];
}
