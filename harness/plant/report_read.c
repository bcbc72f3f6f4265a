/* Plants a bug in: read_observed. How a cell was proven is forgotten. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "report/read_internal.h"

void __real_read_observed(struct reading *in, const json_t *object, struct finding *out);
void __wrap_read_observed(struct reading *in, const json_t *object, struct finding *out);

/* The first time only: so the text that is written again differs. */
void __wrap_read_observed(struct reading *in, const json_t *object, struct finding *out)
{
	__real_read_observed(in, object, out);
	if (strcmp(in->file, "output") == 0)
		out->proof = PROOF_NONE;
}
