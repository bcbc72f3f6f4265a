/* Plants a bug in: hello_parse. A text of one line without its end is refused without a word. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hello_command.h"

enum fault __real_hello_parse(struct text *out, struct span file, char *why, size_t why_len);
enum fault __wrap_hello_parse(struct text *out, struct span file, char *why, size_t why_len);

enum fault __wrap_hello_parse(struct text *out, struct span file, char *why, size_t why_len)
{
	enum fault fault = __real_hello_parse(out, file, why, why_len);
	if (fault != FAULT_NONE && file.len && !memchr(file.at, 0x0A, file.len))
		why[0] = 0;
	return fault;
}
