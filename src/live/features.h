/* features.h - what sets a hello apart from the control: the cause of a finding, in words. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_FEATURES_H
#define LIVE_FEATURES_H

#include "base/text.h"
#include "live/reading.h"

#define FEATURES_MAX 96

/* X(NAME, text): `text` has a %s for the name of the value where there is one. */
#define FEATURE_LIST(X)                                                                            \
	X(EXTENSION, "extension %s")                                                               \
	X(NO_EXTENSION, "no %s")                                                                   \
	X(NO_BLOCK, "no extensions at all")                                                        \
	X(SUITE, "only %s")                                                                        \
	X(SIGNAL, "suite %s")                                                                      \
	X(GREASE, "a GREASE value")                                                                \
	X(UNKNOWN_SUITE, "a suite that is not assigned")                                           \
	X(MANY_SUITES, "more than 128 suites")                                                     \
	X(GROUP, "group %s")                                                                       \
	X(SCHEME, "signature scheme %s")                                                           \
	X(SESSION_ID, "a session id")                                                              \
	X(COMPRESSION, "a compression method beside null")                                         \
	X(RECORDS, "more than one record")                                                         \
	X(RECORD_VERSION, "record version %s")                                                     \
	X(VERSION, "client_version %s")                                                            \
	X(WARNING, "a warning alert in front")                                                     \
	X(SEGMENTS, "more than one TCP segment")                                                   \
	X(SIZE, "a message of %s bytes")                                                           \
	X(EMPTY_LAST, "an empty extension at the end")                                             \
	X(ORDER, "%s as the first extension")

enum feature {
#define X(name, text) FEATURE_##name,
	FEATURE_LIST(X)
#undef X
};

/* Sorted codes: a feature and its value. What is above FEATURES_MAX is left out. */
struct features {
	uint64_t codes[FEATURES_MAX];
	size_t len;
};

/*
 * features_of lists what `reading` has and `control` has not, or the other way round. Size, order
 * and an empty end are in every hello, so they count only where nothing else is different.
 */
void features_of(struct features *out, const struct reading *reading, const struct reading *control,
		 bool cut);

/*
 * features_reduce leaves out what shrinking takes away of every hello (extensions that are missing,
 * suites beside the last) where something else sets it apart. With `suites`, it is known that the
 * suites alone do.
 */
void features_reduce(struct features *features, bool suites);

/* features_have_gain says whether any is something that the hello has and the control has not. */
bool features_have_gain(const struct features *features);

/* features_within says whether all of `a` are among those of `b`; never of none. */
bool features_within(const struct features *a, const struct features *b);

/* features_put writes them as a phrase: "extension padding and a session id". */
void features_put(struct text *out, const struct features *features);

#endif
