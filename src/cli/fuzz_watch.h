/* fuzz_watch.h - the server's own process, of --exec or --pid, beside a fuzz run. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_WATCH_H
#define CLI_FUZZ_WATCH_H

#include <stdbool.h>

struct fuzz;

/*
 * fuzz_watch_begin starts it or finds it; fuzz_watch_forget begins with no harm done;
 * fuzz_watch_harm says whether it ended or printed the report of a crash since it was last asked,
 * and then what, in `harm`; fuzz_watch_await_harm is for
 * a process that was seen to fail, and gives it a second to be told of as ended: its sockets close
 * before that. fuzz_watch_revive starts it again where it ended, and says whether there is anything
 * to wait for; fuzz_watch_sample notes its memory, and fuzz_watch_end judges that and ends it;
 * fuzz_watch_stop ends it alone, however far the run came. All of them do nothing without such a
 * process.
 */
int fuzz_watch_begin(struct fuzz *fuzz);
void fuzz_watch_forget(struct fuzz *fuzz);
bool fuzz_watch_harm(struct fuzz *fuzz);
bool fuzz_watch_await_harm(struct fuzz *fuzz);
bool fuzz_watch_revive(struct fuzz *fuzz);
void fuzz_watch_sample(struct fuzz *fuzz);
void fuzz_watch_end(struct fuzz *fuzz);
void fuzz_watch_stop(struct fuzz *fuzz);

#endif
