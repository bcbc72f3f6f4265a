/* oracle_hello.h - what must hold of every ClientHello that was decoded. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_ORACLE_HELLO_H
#define HARNESS_ORACLE_HELLO_H

#include "wire/client_hello.h"

/* oracle_hello_adds_up counts a strictly decoded body again, without any decoder of ours. */
void oracle_hello_adds_up(const struct client_hello *hello, struct span body);

/* oracle_hello_written_again writes the hello from its draft: the bytes that it was decoded from.
 */
void oracle_hello_written_again(const struct client_hello *hello, struct span body);

/* oracle_hello_same says that two decoders saw the same. */
void oracle_hello_same(const struct client_hello *a, const struct client_hello *b);

/* oracle_leniency says that each leniency of the set has a word of its own, and a sentence. */
void oracle_leniency(unsigned leniency);

/* oracle_hello_note notes every view. */
void oracle_hello_note(const struct client_hello *hello);

#endif
