/* builtin_find.h - look-up in a table of embedded files. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SCRIPT_BUILTIN_FIND_H
#define SCRIPT_BUILTIN_FIND_H

#include "script/builtin.h"

/* builtin_find returns the file of that name in a table that ends with a NULL name, or NULL. */
const struct builtin_file *builtin_find(const struct builtin_file *files, struct span name);

#endif
