/* Plants a bug in: client_hello_decode. For an unknown version, strict decoding drops a suite. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/client_hello.h"

enum fault __real_client_hello_decode(struct client_hello *out, struct cursor body,
				      unsigned leniency, struct wire_error *error);
enum fault __wrap_client_hello_decode(struct client_hello *out, struct cursor body,
				      unsigned leniency, struct wire_error *error);

enum fault __wrap_client_hello_decode(struct client_hello *out, struct cursor body,
				      unsigned leniency, struct wire_error *error)
{
	enum fault fault = __real_client_hello_decode(out, body, leniency, error);
	if (leniency == STRICT && out->legacy_version > 0x0304 && out->suites.len > 2)
		out->suites.len -= 2;
	return fault;
}
