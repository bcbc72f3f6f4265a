/* vectors.h - known answers from tests/crypto/data: a name and hex, which may go on in the lines
 * below that begin with a blank. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CRYPTO_VECTORS_H
#define TESTS_CRYPTO_VECTORS_H

#include "base/span.h"

/* vector returns the bytes of `name` in `file` ("rfc8448.txt"); it fails the test without them. */
struct span vector(const char *file, const char *name);

/* assert_bytes compares, and shows both in hex when they differ. */
void assert_bytes(struct span found, struct span expected, const char *what);

#endif
