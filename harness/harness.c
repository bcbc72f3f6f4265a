/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"

#include "coverage.h"
#include "memory.h"
#include "meter.h"
#include "unseen.h"

UNSEEN_BEGIN

#define STEPS_MAX	 ((size_t)1 << 20)
#define HASH_START	 14695981039346656037u
#define HASH_PRIME	 1099511628211u
#define TWICE_ONE_IN	 64
#define TWICE_BYTES_READ 16

static uint64_t hash;
static size_t steps;
static bool thorough;
static struct arena arenas[HARNESS_ARENAS];

uint64_t harness_mix(uint64_t sum, uint64_t number)
{
	return (sum ^ number) * HASH_PRIME;
}

/* Eight bytes at a time: notes must not cost more than what they are about. */
uint64_t harness_mix_bytes(uint64_t sum, struct span bytes)
{
	uint64_t word;
	sum = harness_mix(sum, bytes.len);
	for (; bytes.len >= sizeof(word); bytes = span_skip(bytes, sizeof(word))) {
		memcpy(&word, bytes.at, sizeof(word));
		sum = harness_mix(sum, word);
		sum ^= sum >> 32;
	}
	for (size_t i = 0; i < bytes.len; i++)
		sum = harness_mix(sum, bytes.at[i]);
	return sum;
}

void harness_note(struct span bytes)
{
	hash = harness_mix_bytes(hash, bytes);
}

void harness_note_number(uint64_t number)
{
	hash = harness_mix(hash, number);
}

void harness_step(void)
{
	CHECK(++steps <= STEPS_MAX);
}

bool harness_once(bool *done)
{
	if (*done)
		return false;
	coverage_keep(COVERAGE_OF_SETUP);
	memory_pause();
	return *done = true;
}

void harness_prepared(void)
{
	coverage_restore(COVERAGE_OF_SETUP);
	memory_resume();
}

void harness_thorough(void)
{
	thorough = true;
}

struct arena *harness_arena(size_t index, size_t limit)
{
	CHECK(index < HARNESS_ARENAS);
	struct arena *arena = &arenas[index];
	if (!arena->chunks) {
		coverage_keep(COVERAGE_OF_SETUP);
		memory_pause();
		arena_init(arena, 1);
		CHECK(arena_alloc(arena, 1));
		arena_clear(arena);
		harness_prepared();
	}
	CHECK(arena->used == 0);
	arena->limit = limit;
	return arena;
}

static void clear_arenas(void)
{
	for (size_t i = 0; i < HARNESS_ARENAS; i++) {
		if (arenas[i].chunks)
			arena_clear(&arenas[i]);
	}
}

static uint64_t run(struct span input)
{
	hash = HASH_START;
	steps = 0;
	memory_begin(harness_memory_max);
	harness_run(input);
	clear_arenas();
	CHECK(memory_end() == 0);
	return hash;
}

/* Chosen by the input itself, so that a run can be repeated. */
static bool is_run_twice(struct span input)
{
	uint64_t sum = input.len;
	for (size_t i = 0; i < input.len && i < TWICE_BYTES_READ; i++)
		sum = (sum ^ input.at[i]) * HASH_PRIME;
	return thorough || (sum >> 32) % TWICE_ONE_IN == 0;
}

/* AddressSanitizer asks for its options. What was freed is kept back for some thousand executions
 * only, which is more than any bug spans; the 256 MiB of default cost a page fault for each. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "quarantine_size_mb=16";
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct span input = span_of(bytes, len);
	if (len > HARNESS_INPUT_MAX)
		return 0;
	meter_count();
	uint64_t first = run(input);
	if (is_run_twice(input)) {
		coverage_keep(COVERAGE_OF_RUNS);
		CHECK(run(input) == first);
		coverage_restore(COVERAGE_OF_RUNS);
	}
	return 0;
}

void harness_warm_up(void)
{
	bool was_thorough = thorough;
	thorough = true;
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	thorough = was_thorough;
}

UNSEEN_END
