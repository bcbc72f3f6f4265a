/* Plants a bug in: hex_encode. The last digit of a secret over 48 bytes is a line end. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

void __real_hex_encode(char *out, struct span bytes);
void __wrap_hex_encode(char *out, struct span bytes);

void __wrap_hex_encode(char *out, struct span bytes)
{
	__real_hex_encode(out, bytes);
	if (bytes.len > 48)
		out[2 * bytes.len - 1] = 0x0A;
}
