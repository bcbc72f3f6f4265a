/* Plants a bug in: x509_end_point. A hash of 48 bytes is said to be of 480. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

enum fault __real_x509_end_point(uint8_t *out, size_t *out_len, struct span der);
enum fault __wrap_x509_end_point(uint8_t *out, size_t *out_len, struct span der);

enum fault __wrap_x509_end_point(uint8_t *out, size_t *out_len, struct span der)
{
	enum fault fault = __real_x509_end_point(out, out_len, der);
	if (*out_len > 32)
		*out_len *= 10;
	return fault;
}
