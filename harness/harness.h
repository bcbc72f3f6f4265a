/* harness.h - one entry for libFuzzer, AFL++ and the replay program. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_HARNESS_H
#define HARNESS_HARNESS_H

#include <stddef.h>
#include <stdint.h>

/* An invariant that must hold whatever the input; assert without the option to be switched off. */
#define CHECK(condition) ((condition) ? (void)0 : __builtin_trap())

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

#endif
