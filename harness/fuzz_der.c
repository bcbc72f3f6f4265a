/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_x509.h"

const size_t harness_memory_max = 0;

/* Values follow each other inside the bytes, whatever their lengths say. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	while (cursor_left(&in) > 0) {
		struct cursor ahead = in;
		uint8_t tag, peeked = der_peek(&in);
		struct span value = der_any(&in, &tag);
		CHECK(!cursor_ok(&in) || (tag == peeked && rig_lies_in(value, input)));
		CHECK(!cursor_ok(&in) || in.at >= ahead.at + 2 + value.len);
		CHECK(der_bits(value) <= 8 * value.len);
		CHECK(span_equal(der_take(&ahead, tag), value) && ahead.bad == in.bad);
		harness_step();
	}
	harness_note_number(in.fell);
}
