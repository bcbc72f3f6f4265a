/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_hello.h"

#include "harness.h"
#include "oracle_json.h"
#include "wire/record.h"

void rig_hello_is_whole(const struct hello_input *in)
{
	size_t records = 0, carried = in->message.len + in->after.len;
	for (size_t i = 0; i < in->records_len; i++)
		records += in->records[i].len;
	CHECK((in->form == HELLO_FORM_RECORDS) == (in->records_len > 0));
	CHECK(!in->records_len || records == carried);
	CHECK(in->preamble.len + RECORD_HEADER_LEN * in->records_len + carried + in->trailing.len ==
	      in->bytes.len);
	harness_note(in->message);
	harness_note(in->after);
	harness_note(in->trailing);
}

static void check_read_again(const struct text *written, struct span bytes)
{
	char why[256] = "";
	struct text again;
	text_init(&again);
	CHECK(hello_parse(&again, span_text(text_view(written)), why, sizeof(why)) == FAULT_NONE);
	CHECK(span_equal(span_of(again.at, again.len), bytes));
	text_release(&again);
}

void rig_hello_text(const struct hello_file *file, bool json)
{
	struct text written;
	text_init(&written);
	CHECK((json ? hello_json : hello_text)(&written, file) == FAULT_NONE);
	CHECK(written.fault == FAULT_NONE);
	struct span view = span_of(written.at, written.len);
	if (json)
		CHECK(oracle_json(view));
	else
		CHECK(oracle_printable(view));
	check_read_again(&written, file->input.bytes);
	harness_note(view);
	text_release(&written);
}
