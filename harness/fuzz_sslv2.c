/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_written.h"
#include "wire/sslv2.h"

#define RECORD_HEADER_BYTES 2
#define RECORD_MAX	    0x7FFF
#define HIT_AT		    1

const size_t harness_memory_max = 0;

/* The first byte is the message's type, which chooses the decoder. Decode, encode: the identity. */
void harness_run(struct span input)
{
	struct sslv2_client_hello client;
	struct sslv2_server_hello server;
	struct builder b = written_begin();
	if (input.len > RECORD_MAX)
		return;
	if (sslv2_client_hello_decode(&client, cursor_over(input)) == FAULT_NONE) {
		sslv2_client_hello_encode(&b, &client);
		written_is(&b, RECORD_HEADER_BYTES, input);
		CHECK(client.kinds.len % 3 == 0);
	} else if (sslv2_server_hello_decode(&server, cursor_over(input)) == FAULT_NONE) {
		sslv2_server_hello_encode(&b, &server);
		if (input.at[HIT_AT] <= 1) /* any other byte is a hit as well, and written as 1 */
			written_is(&b, RECORD_HEADER_BYTES, input);
		harness_note(server.kinds);
	}
}
