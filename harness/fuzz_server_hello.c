/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_written.h"
#include "wire/server_hello.h"

const size_t harness_memory_max = 0;

/* Decode, encode: the identity. What is derived lies inside what was read. */
void harness_run(struct span input)
{
	struct server_hello hello;
	struct builder b = written_begin();
	if (server_hello_decode(&hello, cursor_over(input)) != FAULT_NONE)
		return;
	server_hello_encode(&b, &hello);
	written_is(&b, HANDSHAKE_HEADER_LEN, input);
	CHECK(hello.random.len == 32 && hello.session_id.len <= 32 && hello.downgrade <= 2);
	CHECK(!hello.key_share.len || hello.selected_group || hello.key_share.len <= input.len);
	CHECK(hello.alpn.len + hello.cookie.len + hello.key_share.len <= hello.extensions.len);
	harness_note(hello.key_share);
	harness_note_number(hello.version);
}
