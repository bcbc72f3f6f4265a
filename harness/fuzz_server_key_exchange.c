/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_written.h"
#include "wire/server_key_exchange.h"

const size_t harness_memory_max = 0;

/* Two bytes name the suite, one the version. Decode, encode: the identity. */
void harness_run(struct span input)
{
	struct server_key_exchange exchange;
	struct cursor in = cursor_over(input);
	const struct cipher_suite *suite = cipher_suite_by_code(cursor_u16(&in));
	enum version version = SSLV3 + cursor_u8(&in) % (TLS1_3 - SSLV3);
	struct span body = cursor_rest(&in);
	struct builder b = written_begin();
	if (!suite ||
	    server_key_exchange_decode(&exchange, cursor_over(body), suite, version) != FAULT_NONE)
		return;
	server_key_exchange_encode(&b, &exchange, suite, version);
	written_is(&b, HANDSHAKE_HEADER_LEN, body);
	harness_note(exchange.params);
	harness_note(exchange.signature);
}
