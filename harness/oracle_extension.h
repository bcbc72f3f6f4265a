/* oracle_extension.h - what must hold of every extension's decoder and encoder. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_ORACLE_EXTENSION_H
#define HARNESS_ORACLE_EXTENSION_H

#include "wire/extension/extension.h"

/*
 * oracle_extension decodes and encodes: what is accepted comes back byte for byte, its view lies
 * inside the body, and what is refused has an error inside the body. NULL for either: nothing.
 */
void oracle_extension(extension_decode *decode, extension_encode *encode, struct span body);

/* oracle_extension_body writes the body with its field map: the bytes are always those of `body`,
 * and every field lies inside them. */
void oracle_extension_body(uint16_t type, struct span body, enum extension_side side);

#endif
