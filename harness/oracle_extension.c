/* SPDX-License-Identifier: Apache-2.0 */
#include "oracle_extension.h"

#include "harness.h"
#include "oracle_written.h"
#include "unseen.h"

UNSEEN_BEGIN

#define FIELDS_MAX 8192

void oracle_extension(extension_decode *decode, extension_encode *encode, struct span body)
{
	struct span view = { NULL, 0 };
	struct wire_error error = { .base = body.at };
	struct builder b = written_begin();
	CHECK(!decode == !encode);
	if (!decode)
		return;
	if (!decode(&view, body, &error)) {
		CHECK(error.field && error.what && error.alert && error.offset <= body.len);
		return;
	}
	CHECK(view.len <= body.len && (!view.len || (view.at >= body.at)));
	encode(&b, view);
	written_is(&b, 0, body);
	harness_note(view);
}

void oracle_extension_body(uint16_t type, struct span body, enum extension_side side)
{
	static struct field fields[FIELDS_MAX];
	struct builder b = written_begin();
	if (body.len > FIELDS_MAX / 4)
		return;
	b.fields = fields;
	b.fields_cap = FIELDS_MAX;
	extension_write_body(&b, type, body, side);
	written_is(&b, 0, body);
	for (size_t i = 0; i < b.fields_len; i++) {
		CHECK(fields[i].offset <= body.len);
		CHECK(fields[i].len <= body.len - fields[i].offset);
	}
	harness_note_number(b.fields_len);
}

UNSEEN_END
