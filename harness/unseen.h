/* unseen.h - keeps functions out of the engine's coverage: what a harness does on its own account
 * must not look like something that the input does. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_UNSEEN_H
#define HARNESS_UNSEEN_H

/* Functions between the two are not instrumented for coverage. */
#ifdef __clang__
#define UNSEEN_PRAGMA(text) _Pragma(#text)
#define UNSEEN		    __attribute__((no_sanitize("coverage")))
#define UNSEEN_BEGIN	    UNSEEN_PRAGMA(clang attribute push(UNSEEN, apply_to = function))
#define UNSEEN_END	    _Pragma("clang attribute pop")
#else
#define UNSEEN
#define UNSEEN_BEGIN
#define UNSEEN_END
#endif

#endif
