/* Plants a bug in: ja4. In a hello of TLS 1.1 every suite is counted, GREASE as well. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/fingerprint.h"

enum fault __real_ja4(char *out, const struct client_hello *hello);
enum fault __wrap_ja4(char *out, const struct client_hello *hello);

enum fault __wrap_ja4(char *out, const struct client_hello *hello)
{
	enum fault fault = __real_ja4(out, hello);
	if (hello->legacy_version == 0x0302)
		out[5] = (char)(0x30 + hello->suites.len / 2 % 10);
	return fault;
}
