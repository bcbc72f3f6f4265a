/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_hello.h"
#include "rig_hello.h"

const size_t harness_memory_max = (size_t)16 << 20;

/* Any form, hexadecimal digits or bytes: the parts are the whole, and strict implies lenient. */
void harness_run(struct span input)
{
	struct hello_input strict, lenient;
	struct wire_error error;
	struct arena *arena = harness_arena(1, HELLO_ARENA_MAX);
	enum fault fault = hello_input_read(&strict, input, STRICT, arena, &error);
	CHECK(fault == FAULT_NONE || (error.what && error.field && error.offset <= input.len));
	enum fault relaxed = hello_input_read(&lenient, input, LENIENT_ALL, arena, &error);
	CHECK(fault != FAULT_NONE || relaxed == FAULT_NONE);
	if (relaxed == FAULT_NONE)
		rig_hello_is_whole(&lenient);
	if (fault == FAULT_NONE && strict.form != HELLO_FORM_SSLV2)
		oracle_hello_same(&strict.hello, &lenient.hello);
}
