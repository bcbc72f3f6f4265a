/* Plants a bug in: trust_store_read. A file that begins as PEM is refused without a word. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/x509.h"

struct trust_store *__real_trust_store_read(struct span pem, char *why, size_t why_len);
struct trust_store *__wrap_trust_store_read(struct span pem, char *why, size_t why_len);

struct trust_store *__wrap_trust_store_read(struct span pem, char *why, size_t why_len)
{
	struct trust_store *store = __real_trust_store_read(pem, why, why_len);
	if (!store && pem.len > 9 && !memcmp(pem.at, "-----BEGIN", 10))
		why[0] = 0;
	return store;
}
