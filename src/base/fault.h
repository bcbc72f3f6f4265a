/* fault.h - what can go wrong on our side; never a judgement about the peer. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

/* One list makes the enumerators, their names and their texts. */
#define FAULT_LIST(X)                                                                              \
	X(NONE, "no fault")                                                                        \
	X(TRUNCATED, "the input ends before the structure is complete")                            \
	X(MALFORMED, "the input does not have the form that is required")                          \
	X(TOO_LARGE, "a fixed ceiling would be exceeded")                                          \
	X(NO_MEMORY, "out of memory")                                                              \
	X(UNSUPPORTED, "not supported")                                                            \
	X(NOT_FOUND, "not found")                                                                  \
	X(USAGE, "wrong usage")                                                                    \
	X(INPUT, "an input file cannot be used")                                                   \
	X(IO, "input or output failed")                                                            \
	X(CRYPTO, "a cryptographic primitive failed")                                              \
	X(INTERNAL, "internal error")

enum fault {
#define X(name, text) FAULT_##name,
	FAULT_LIST(X)
#undef X
};

#define MUST_USE __attribute__((warn_unused_result))

/* fault_name returns the enumerator, "TRUNCATED". */
const char *fault_name(enum fault fault);

/* fault_text returns the sentence that goes with the fault. */
const char *fault_text(enum fault fault);

#endif
