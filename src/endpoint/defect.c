/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "endpoint/defect.h"

static const struct defect_description descriptions[] = {
#define X(id, name, rule, sentence, shows_in) { DEFECT_##id, name, rule, sentence, shows_in },
#include "endpoint/defects.def"
#undef X
};

#define DESCRIPTIONS_LEN (sizeof descriptions / sizeof descriptions[0])

const struct defect_description *endpoint_defect_at(size_t i)
{
	return i < DESCRIPTIONS_LEN ? &descriptions[i] : NULL;
}

const struct defect_description *endpoint_defect_by_name(const char *name)
{
	for (size_t i = 0; i < DESCRIPTIONS_LEN; i++)
		if (strcmp(descriptions[i].name, name) == 0)
			return &descriptions[i];
	return NULL;
}
