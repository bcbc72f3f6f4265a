/* fuzz_write.h - what a fuzz run writes into directories. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_WRITE_H
#define CLI_FUZZ_WRITE_H

struct fuzz;
struct fuzz_find;

/* --keep, a finding as files; --corpus, what showed something new, named by its index.
 * fuzz_corpus_open makes the directory and takes up what is there. STATUS_PASS, or a status after
 * one sentence. fuzz_keep_find writes a finding if that is asked for, and gives up with the first
 * that cannot be written. */
int fuzz_write(struct fuzz *fuzz, const struct fuzz_find *find);
void fuzz_keep_find(struct fuzz *fuzz, const struct fuzz_find *find);
int fuzz_corpus_open(struct fuzz *fuzz);
int fuzz_corpus_write(struct fuzz *fuzz);

#endif
