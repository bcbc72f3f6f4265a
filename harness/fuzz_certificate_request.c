/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_written.h"
#include "wire/certificate_request.h"

const size_t harness_memory_max = 0;

/* The first byte chooses the version. Decode, encode: the identity. */
void harness_run(struct span input)
{
	struct certificate_request request;
	struct cursor in = cursor_over(input);
	enum version version = SSLV3 + cursor_u8(&in) % (TLS1_3 - SSLV3 + 1);
	struct span body = cursor_rest(&in);
	struct builder b = written_begin();
	if (certificate_request_decode(&request, cursor_over(body), version) != FAULT_NONE)
		return;
	certificate_request_encode(&b, &request, version);
	written_is(&b, HANDSHAKE_HEADER_LEN, body);
	harness_note(request.signature_algorithms);
	harness_note(request.authorities);
}
