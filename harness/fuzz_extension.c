/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "oracle_extension.h"

const size_t harness_memory_max = 0;

/* The first byte chooses one of the known extensions, the second the side. */
void harness_run(struct span input)
{
	struct cursor in = cursor_over(input);
	const struct extension *extension = extension_table[cursor_u8(&in) % EXTENSIONS_KNOWN];
	bool server = cursor_u8(&in) & 1;
	struct span body = cursor_rest(&in);
	oracle_extension(server ? extension->server_decode : extension->decode,
			 server ? extension->server_encode : extension->encode, body);
	oracle_extension_body(extension->type, body,
			      server ? EXTENSION_OF_SERVER : EXTENSION_OF_CLIENT);
}
