/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "rig_fingerprint.h"

/* Captures begin with a record header and a handshake header, which are passed over. */
#define HEADERS_LEN 9

const size_t harness_memory_max = (size_t)8 << 20;

/* Every hello has both fingerprints, in their form, and GREASE does not change them. */
void harness_run(struct span input)
{
	struct client_hello hello;
	struct cursor body = cursor_over(span_skip(input, HEADERS_LEN));
	if (client_hello_decode(&hello, body, LENIENT_ALL, NULL) == FAULT_NONE)
		rig_fingerprint(&hello);
}
