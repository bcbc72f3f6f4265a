/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_hello.h"

/* Captures begin with a record header and a handshake header, which are passed over. */
#define HEADERS_LEN 9

const size_t harness_memory_max = 0;

/* What strict decoding accepts adds up, and every leniency accepts it with the same result. */
void harness_run(struct span input)
{
	struct client_hello strict, lenient;
	struct span body = span_skip(input, HEADERS_LEN);
	enum fault fault = client_hello_decode(&strict, cursor_over(body), STRICT, NULL);
	enum fault relaxed = client_hello_decode(&lenient, cursor_over(body), LENIENT_ALL, NULL);
	if (fault == FAULT_NONE) {
		CHECK(relaxed == FAULT_NONE);
		oracle_hello_adds_up(&strict, body);
		oracle_hello_same(&strict, &lenient);
	}
	if (relaxed == FAULT_NONE)
		oracle_hello_note(&lenient);
}
