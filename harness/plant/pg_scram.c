/* Plants a bug in: pg_scram_answer. A salt that is not whole is answered with nothing, as if it
 * were right. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "upgrade/pg_scram.h"

enum fault __real_pg_scram_answer(struct pg_scram *scram, struct span server_first,
				  struct span password, struct builder *out,
				  enum pg_violation *wrong);
enum fault __wrap_pg_scram_answer(struct pg_scram *scram, struct span server_first,
				  struct span password, struct builder *out,
				  enum pg_violation *wrong);

enum fault __wrap_pg_scram_answer(struct pg_scram *scram, struct span server_first,
				  struct span password, struct builder *out,
				  enum pg_violation *wrong)
{
	enum fault fault = __real_pg_scram_answer(scram, server_first, password, out, wrong);
	if (*wrong == PG_VIOLATION_SCRAM_SYNTAX)
		*wrong = PG_VIOLATION_NONE;
	return fault;
}
