/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_written.h"
#include "wire/certificate.h"

const size_t harness_memory_max = 0;

/* The first byte's last bit chooses TLS 1.3. Decode, encode: the identity. */
void harness_run(struct span input)
{
	struct certificate_list list;
	struct cursor in = cursor_over(input);
	bool tls13 = cursor_u8(&in) & 1;
	struct span body = cursor_rest(&in);
	struct builder b = written_begin();
	if (certificate_list_decode(&list, cursor_over(body), tls13) != FAULT_NONE)
		return;
	CHECK(list.len <= CERTIFICATES_MAX);
	certificate_list_encode(&b, &list, tls13);
	written_is(&b, HANDSHAKE_HEADER_LEN, body);
	for (size_t i = 0; i < list.len; i++)
		harness_note(list.der[i]);
}
