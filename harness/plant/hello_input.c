/* Plants a bug in: hello_input_read. What follows an SSLv2 hello is not kept.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/hello_input.h"

enum fault __real_hello_input_read(struct hello_input *out, struct span file, unsigned leniency,
				   struct arena *arena, struct wire_error *error);
enum fault __wrap_hello_input_read(struct hello_input *out, struct span file, unsigned leniency,
				   struct arena *arena, struct wire_error *error);

enum fault __wrap_hello_input_read(struct hello_input *out, struct span file, unsigned leniency,
				   struct arena *arena, struct wire_error *error)
{
	enum fault fault = __real_hello_input_read(out, file, leniency, arena, error);
	if (out->form == HELLO_FORM_SSLV2)
		out->trailing.len = 0;
	return fault;
}
