/* Plants a bug in: server_hello_encode. A compression method that is not null is written as null.
 */
/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/server_hello.h"

void __real_server_hello_encode(struct builder *b, const struct server_hello *hello);
void __wrap_server_hello_encode(struct builder *b, const struct server_hello *hello);

void __wrap_server_hello_encode(struct builder *b, const struct server_hello *hello)
{
	struct server_hello other = *hello;
	other.compression = 0;
	__real_server_hello_encode(b, &other);
}
