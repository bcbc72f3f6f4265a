/* SPDX-License-Identifier: Apache-2.0 */
#include "script/builtin_find.h"

const struct builtin_file *builtin_find(const struct builtin_file *files, struct span name)
{
	for (; files->name; files++)
		if (span_is(name, files->name))
			return files;
	return NULL;
}
