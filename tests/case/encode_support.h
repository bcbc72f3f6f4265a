/* encode_support.h - stanzas, and what their steps send. For the tests of this folder only. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CASE_ENCODE_SUPPORT_H
#define TESTS_CASE_ENCODE_SUPPORT_H

#include "case/catalogue.h"
#include "case/encode.h"

/* One case; `setting` and `connection` are those of the next encoding. */
struct bench {
	struct arena arena;
	struct diags diags;
	struct catalogue catalogue;
	const struct conformance_case *of;
	struct case_setting setting;
	struct case_connection connection;
	struct wire_units units;
};

/* bench_init reads a case that consists of the statements, to be asked in `version`. */
void bench_init(struct bench *bench, enum version version, const char *statements);
void bench_release(struct bench *bench);

/* bench_encode encodes the step numbered `step`. */
enum fault bench_encode(struct bench *bench, size_t step);

/* bench_hex returns what the step sends, records included, as digits; it asserts that encoding
 * works and that `cases show` would print the same bytes, each of them named once. */
const char *bench_hex(struct bench *bench, size_t step);

/* sent_hex does all of it for the first step; the text lives until the test ends. */
const char *sent_hex(enum version version, const char *statements);

/* hello_hex returns the body of the ClientHello behind its random: what most edits are about. */
const char *hello_hex(enum version version, const char *statements);

#endif
