/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "wire/server_hello.h"

/* Decode, encode, decode: the identity. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static uint8_t out[1 << 17];
	struct server_hello hello;
	struct builder b;
	if (server_hello_decode(&hello, cursor_over(span_of(bytes, len))))
		return 0;
	builder_init(&b, out, sizeof(out), NULL, 0);
	server_hello_encode(&b, &hello);
	CHECK(builder_fault(&b) == FAULT_NONE);
	CHECK(span_equal(span_skip(builder_view(&b), 4), span_of(bytes, len)));
	return 0;
}
