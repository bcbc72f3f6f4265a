/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

#ifndef SANITIZED

/* The program's own allocator counts its calls and hands them on to glibc's. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *at, size_t size);

static size_t calls;

void *malloc(size_t size)
{
	calls++;
	return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	calls++;
	return __libc_calloc(count, size);
}

void *realloc(void *at, size_t size)
{
	calls++;
	return __libc_realloc(at, size);
}

Test(allocation, a_hello_is_decoded_without_any)
{
	struct capture *captures = captures_load();
	struct client_hello hello;
	struct wire_error error;
	size_t before = calls;
	for (size_t i = 0; i < CORPUS_LEN; i++) {
		struct cursor body = cursor_over(capture_body(&captures[i]));
		if (client_hello_decode(&hello, body, STRICT, &error) != FAULT_NONE)
			abort();
	}
	size_t after = calls;
	cr_expect_eq(after, before);
	void *volatile probe = malloc(1);
	free(probe);
	cr_expect_gt(calls, after, "the counter does not count");
}

#endif
