/* Plants a bug in: certificate_request_decode. Of several types of certificates the last is not
 * seen. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/certificate_request.h"

enum fault __real_certificate_request_decode(struct certificate_request *out, struct cursor body,
					     enum version version);
enum fault __wrap_certificate_request_decode(struct certificate_request *out, struct cursor body,
					     enum version version);

enum fault __wrap_certificate_request_decode(struct certificate_request *out, struct cursor body,
					     enum version version)
{
	enum fault fault = __real_certificate_request_decode(out, body, version);
	if (out->types.len > 1)
		out->types.len--;
	return fault;
}
