/* Plants a bug in: hello_parse. A byte is lost of a file with something behind its hello. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/hello_command.h"

enum fault __real_hello_parse(struct text *out, struct span file, char *why, size_t why_len);
enum fault __wrap_hello_parse(struct text *out, struct span file, char *why, size_t why_len);

enum fault __wrap_hello_parse(struct text *out, struct span file, char *why, size_t why_len)
{
	enum fault fault = __real_hello_parse(out, file, why, why_len);
	if (fault == FAULT_NONE && memmem(file.at, file.len, "trailing", 8))
		out->len--;
	return fault;
}
