/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "wire/client_hello.h"

/* Captures begin with a record header and a handshake header, which are passed over. */
#define HEADERS_LEN 9

/* What strict decoding accepts, every leniency accepts with the same result. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct client_hello strict, lenient;
	struct cursor body = cursor_over(span_skip(span_of(bytes, len), HEADERS_LEN));
	enum fault fault = client_hello_decode(&strict, body, STRICT, NULL);
	enum fault relaxed = client_hello_decode(&lenient, body, LENIENT_ALL, NULL);
	if (fault == FAULT_NONE) {
		CHECK(relaxed == FAULT_NONE);
		CHECK(span_equal(strict.suites, lenient.suites));
		CHECK(strict.present == lenient.present);
		CHECK(strict.tail.len == 0 && strict.extensions_tail.len == 0);
	}
	return 0;
}
