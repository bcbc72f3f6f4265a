/* oracle_written.h - encoders give the bytes back that decoders accepted. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_ORACLE_WRITTEN_H
#define HARNESS_ORACLE_WRITTEN_H

#include "base/builder.h"
#include "wire/handshake.h"

/* written_begin lends one static buffer that holds what any input can become. */
struct builder written_begin(void);

/* written_is says that everything fit and that the bytes behind the first `skip` are `expected`. */
void written_is(const struct builder *b, size_t skip, struct span expected);

#endif
