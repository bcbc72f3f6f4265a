/* What the code under test compares, on its way to libFuzzer: most of it goes no further. */
/* SPDX-License-Identifier: Apache-2.0 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/*
 * libFuzzer uses what it hears here in two ways. It keeps pairs of values of 4 and of 8 bytes, to
 * write the one where an input has the other; and it counts how near two values came, which only
 * -use_value_profile=1 looks at. Without that flag values of 1 and 2 bytes, and equal ones, are of
 * no use. Those of 8 are sizes and addresses, which no input of ours holds in that width; clang 14
 * also takes for the program's what UBSan compares wherever a pointer is used. Together they were
 * most of the time of a parser (docs/fuzzing.md).
 */
#define HOOK(name, type, is_useful)                                                                \
	void __real___sanitizer_cov_trace_##name(type a, type b);                                  \
	void __wrap___sanitizer_cov_trace_##name(type a, type b);                                  \
	void __wrap___sanitizer_cov_trace_##name(type a, type b)                                   \
	{                                                                                          \
		if ((is_useful) || is_profiled)                                                    \
			__real___sanitizer_cov_trace_##name(a, b);                                 \
	}

static bool is_profiled;

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	for (int i = 1; i < *argc; i++)
		is_profiled |= strcmp((*argv)[i], "-use_value_profile=1") == 0;
	return 0;
}

HOOK(cmp1, uint8_t, false)
HOOK(const_cmp1, uint8_t, false)
HOOK(cmp2, uint16_t, false)
HOOK(const_cmp2, uint16_t, false)
HOOK(cmp4, uint32_t, a != b)
HOOK(const_cmp4, uint32_t, a != b)
HOOK(cmp8, uint64_t, false)
HOOK(const_cmp8, uint64_t, false)
