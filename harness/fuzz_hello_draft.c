/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_hello.h"

/* Captures begin with a record header and a handshake header, which are passed over. */
#define HEADERS_LEN 9

const size_t harness_memory_max = (size_t)8 << 20;

/* What any leniency accepts is described, and written as it was: to the last byte. */
void harness_run(struct span input)
{
	struct client_hello hello;
	struct cursor in = cursor_over(input);
	unsigned leniency = ((unsigned)cursor_u16(&in) << 4) & LENIENT_ALL;
	struct span body = span_skip(input, HEADERS_LEN);
	oracle_leniency(leniency);
	if (client_hello_decode(&hello, cursor_over(body), leniency, NULL) == FAULT_NONE)
		oracle_hello_written_again(&hello, body);
}
