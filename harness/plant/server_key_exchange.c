/* Plants a bug in: server_key_exchange_encode. A generator of one byte is written as 2. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/server_key_exchange.h"

void __real_server_key_exchange_encode(struct builder *b,
				       const struct server_key_exchange *exchange,
				       const struct cipher_suite *suite, enum version version);
void __wrap_server_key_exchange_encode(struct builder *b,
				       const struct server_key_exchange *exchange,
				       const struct cipher_suite *suite, enum version version);

void __wrap_server_key_exchange_encode(struct builder *b,
				       const struct server_key_exchange *exchange,
				       const struct cipher_suite *suite, enum version version)
{
	struct server_key_exchange other = *exchange;
	if (other.dh_g.len == 1)
		other.dh_g = span_of("\2", 1);
	__real_server_key_exchange_encode(b, &other, suite, version);
}
