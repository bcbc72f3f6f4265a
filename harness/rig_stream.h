/* rig_stream.h - a stream that is fed in pieces. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_STREAM_H
#define HARNESS_RIG_STREAM_H

#include "base/arena.h"

/* rig_stream returns a hash of every event; `chunk` bytes are fed at a time. Alerts and a
 * ServerHelloDone are written again: the bytes that they were read from. */
uint64_t rig_stream(struct arena *arena, struct span bytes, size_t chunk, bool sslv2);

/* rig_stream_records feeds the bytes as fragments of records, and again and again: past every
 * ceiling. */
uint64_t rig_stream_records(struct arena *arena, struct span bytes, size_t chunk);

#endif
