/* SPDX-License-Identifier: Apache-2.0 */
#include "rig_x509.h"
#include "unseen.h"

#define VALUES_MAX 32

const size_t harness_memory_max = 0;

/* Values follow each other inside the bytes, whatever their lengths say. How one is read depends on
 * no other: where very many follow, the rest would show what shorter inputs do. */
UNSEEN void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	for (size_t i = 0; i < VALUES_MAX && cursor_left(&in) > 0; i++) {
		struct cursor ahead = in;
		uint8_t tag, peeked = der_peek(&in);
		struct span value = der_any(&in, &tag);
		CHECK(!cursor_ok(&in) || (tag == peeked && rig_lies_in(value, input)));
		CHECK(!cursor_ok(&in) || in.at >= ahead.at + 2 + value.len);
		CHECK(der_bits(value) <= 8 * value.len);
		struct span taken = der_take(&ahead, tag);
		CHECK(taken.at == value.at && taken.len == value.len && ahead.bad == in.bad);
		harness_step();
	}
	harness_note_number(in.fell);
}
