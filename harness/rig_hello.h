/* rig_hello.h - files with hellos in them, read, written as text and read again. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_HELLO_H
#define HARNESS_RIG_HELLO_H

#include "cli/hello_command.h"

/* rig_hello_is_whole checks that the parts of a file that was read lie one behind the other. */
void rig_hello_is_whole(const struct hello_input *in);

/* rig_hello_text writes the file as JSON, or annotated; what was written says the same bytes. */
void rig_hello_text(const struct hello_file *file, bool json);

#endif
