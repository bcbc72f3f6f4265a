/* SPDX-License-Identifier: Apache-2.0 */
#include "memory.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "unseen.h"

UNSEEN_BEGIN

/* The names that --wrap gives. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *at, size_t size);
void __real_free(void *at);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *at, size_t size);
void __wrap_free(void *at);
char *__wrap_strdup(const char *text);

static bool begun;
static unsigned pauses;
static size_t live, most;

/* The last block is not counted twice by an allocator that rounds up: its own size is asked. */
static void *note(void *at)
{
	if (begun && !pauses && at) {
		live += malloc_usable_size(at);
		CHECK(live <= most);
	}
	return at;
}

static void forget(void *at)
{
	if (begun && !pauses && at)
		live -= malloc_usable_size(at);
}

void *__wrap_malloc(size_t size)
{
	return note(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
	return note(__real_calloc(count, size));
}

void *__wrap_realloc(void *at, size_t size)
{
	forget(at);
	return note(__real_realloc(at, size));
}

/* libc's own would take memory that is not counted, and that is given back as if it were. */
char *__wrap_strdup(const char *text)
{
	size_t size = strlen(text) + 1;
	char *copy = __wrap_malloc(size);
	return copy ? memcpy(copy, text, size) : NULL;
}

void __wrap_free(void *at)
{
	forget(at);
	__real_free(at);
}

void memory_begin(size_t ceiling)
{
	live = 0;
	most = ceiling;
	begun = true;
}

void memory_pause(void)
{
	pauses++;
}

void memory_resume(void)
{
	CHECK(pauses > 0);
	pauses--;
}

size_t memory_end(void)
{
	begun = false;
	CHECK(pauses == 0);
	return live;
}

UNSEEN_END
