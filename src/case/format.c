/* SPDX-License-Identifier: Apache-2.0 */
#include "case/catalogue.h"
enum fault case_file_format(struct text *out, struct diags *diags, const char *file,
			    struct span text)
{
	(void)out;
	(void)diags;
	(void)file;
	(void)text;
	return FAULT_UNSUPPORTED;
}
