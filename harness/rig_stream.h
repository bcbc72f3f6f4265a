/* rig_stream.h - a stream that is fed in pieces. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_STREAM_H
#define HARNESS_RIG_STREAM_H

#include "base/arena.h"

/* rig_stream returns a hash of every event; `chunk` bytes are fed at a time. */
uint64_t rig_stream(struct arena *arena, struct span bytes, size_t chunk, bool sslv2);

#endif
