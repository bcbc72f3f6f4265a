/* Plants a bug in: case_file_format. A file that begins with a comment is written with one more. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "case/catalogue.h"

enum fault __real_case_file_format(struct text *out, struct diags *diags, const char *file,
				   struct span text);
enum fault __wrap_case_file_format(struct text *out, struct diags *diags, const char *file,
				   struct span text);

enum fault __wrap_case_file_format(struct text *out, struct diags *diags, const char *file,
				   struct span text)
{
	if (text.len && text.at[0] == 0x23)
		text_printf(out, "#\n");
	return __real_case_file_format(out, diags, file, text);
}
