/* SPDX-License-Identifier: Apache-2.0 */
#include "case/catalogue.h"

enum fault catalogue_link(struct catalogue *catalogue)
{
	for (size_t i = 0; i < catalogue->features_len; i++)
		for (size_t c = 0; c < catalogue->cases_len; c++) {
			struct conformance_case *of = catalogue->cases[c];
			for (size_t n = 0; n < of->needs_len; n++)
				if (strcmp(of->needs[n].name, catalogue->features[i]->name) == 0)
					of->needs[n].feature = catalogue->features[i];
		}
	return FAULT_NONE;
}
