/* Plants a bug in: sslv2_client_hello_decode. The challenge of a version above 2 loses its last
 * byte. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/sslv2.h"

enum fault __real_sslv2_client_hello_decode(struct sslv2_client_hello *out, struct cursor body);
enum fault __wrap_sslv2_client_hello_decode(struct sslv2_client_hello *out, struct cursor body);

enum fault __wrap_sslv2_client_hello_decode(struct sslv2_client_hello *out, struct cursor body)
{
	enum fault fault = __real_sslv2_client_hello_decode(out, body);
	if (out->version > 0x0002)
		out->challenge.len--;
	return fault;
}
