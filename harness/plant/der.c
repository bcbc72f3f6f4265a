/* Plants a bug in: der_any. A length in two bytes is one too long. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/der.h"

struct span __real_der_any(struct cursor *c, uint8_t *tag);
struct span __wrap_der_any(struct cursor *c, uint8_t *tag);

struct span __wrap_der_any(struct cursor *c, uint8_t *tag)
{
	struct span value = __real_der_any(c, tag);
	if (value.len > 255)
		value.len++;
	return value;
}
