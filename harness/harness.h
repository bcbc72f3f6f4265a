/* harness.h - what a harness is: one function over bytes, one source for libFuzzer, AFL++ and the
 * replay program. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_HARNESS_H
#define HARNESS_HARNESS_H

#include "base/arena.h"
#include "base/cursor.h"

/* An invariant that must hold whatever the input; assert without the option to be switched off. */
#define CHECK(condition)                                                                           \
	((condition) ? (void)0 : harness_check_failed(__FILE__, __LINE__, #condition))

/* harness_check_failed writes one line to stderr, which triage reads, and traps. */
_Noreturn void harness_check_failed(const char *file, int line, const char *condition);

/* No harness looks at a longer input: a multiple of every ceiling that a peer can reach is enough.
 */
#define HARNESS_INPUT_MAX ((size_t)1 << 18)

/*
 * fuzz_UNIT.c defines these two. harness_run looks at one input; whatever it is, the function
 * comes back, everything that was allocated is given back, never more than harness_memory_max
 * bytes at a time were, and the same input gives the same notes.
 */
extern const size_t harness_memory_max;
void harness_run(struct span input);

/* harness_note and harness_note_number mix a result into the hash that two runs must agree in. */
void harness_note(struct span bytes);
void harness_note_number(uint64_t number);

/* harness_mix and harness_mix_bytes do so to a sum that the harness keeps itself. */
uint64_t harness_mix(uint64_t sum, uint64_t number);
uint64_t harness_mix_bytes(uint64_t sum, struct span bytes);

/* harness_step counts one turn of a loop that somebody else's answers drive; too many are a bug. */
void harness_step(void);

/* harness_once says true the first time for a flag that is clear, and stops counting memory until
 * harness_prepared: what a harness sets up once and keeps is no leak. */
bool harness_once(bool *done);
void harness_prepared(void);

/*
 * harness_arena lends an empty arena that keeps its first chunk from run to run, for speed: each
 * `index` below HARNESS_ARENAS is another one. All are cleared when the run is over.
 */
#define HARNESS_ARENAS 4
struct arena *harness_arena(size_t index, size_t limit);

/* harness_thorough makes every input run twice, not only one in 64: for the replay program. */
void harness_thorough(void);

/* harness_warm_up runs the empty input twice: what is set up once is not the first input's doing.
 */
void harness_warm_up(void);

/* The entry of libFuzzer, of main_afl.c and of main_replay.c. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
