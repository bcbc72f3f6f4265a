/* field_meaning.h - what the bytes of a named field say. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef WIRE_FIELD_MEANING_H
#define WIRE_FIELD_MEANING_H

#include "base/text.h"

/* field_meaning appends what a field's bytes mean, and nothing for a field without names; texts
 * that a stranger chose are quoted. */
void field_meaning(struct text *out, const char *field, struct span bytes);

#endif
