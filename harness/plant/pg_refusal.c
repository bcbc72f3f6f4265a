/* Plants a bug in: postgres_error_read. A message of more than 48 characters has no end. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/postgres_message.h"

bool __real_postgres_error_read(struct refusal *out, const struct postgres_message *message);
bool __wrap_postgres_error_read(struct refusal *out, const struct postgres_message *message);

bool __wrap_postgres_error_read(struct refusal *out, const struct postgres_message *message)
{
	bool good = __real_postgres_error_read(out, message);
	if (strlen(out->message) > 48)
		memset(out->message, 0x41, sizeof(out->message) + 4);
	return good;
}
