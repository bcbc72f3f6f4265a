/* watched.h - a server under watch, for tests: one at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_CLI_WATCHED_H
#define TESTS_CLI_WATCHED_H

#include "cli/watch.h"

/* Behind it stands the port, and it does what its clients say. */
#define SERVER "python3 -IS " TESTS_DIR "/servers/watched.py"

extern struct watch watch;
extern struct watch_report seen;
extern char why[512];

/* limit_time ends a test that hangs; Criterion's own limit leaks in the runner, now and then. */
void limit_time(void);

/* free_address is a port of 127.0.0.1 in nobody's use. */
struct address free_address(void);

/* at_port is the command, in which each '@' is the port; until the next call. */
const char *at_port(const struct address *at, const char *text);

/* start begins `watch` with a command as at_port takes it. */
struct address start(const char *text);

/* refusal is what watch_exec says of a command that is no server. */
const char *refusal(const char *text, unsigned timeout_ms);

/* ask is the server's answer to a line, or "" when it died before; the connection is closed then.
 */
const char *ask(const char *line);

bool listens(const struct address *at);

/* look_until_it_ends fills `seen`: a process that was told to die needs a moment. */
void look_until_it_ends(void);

/* end_of is what watch_end_put says, until the next call; tail what watch_output_tail does. */
const char *end_of(const struct watch_end *end);
const char *tail(size_t max);

/* is_there says whether a process runs; a zombie does not. */
bool is_there(pid_t pid);

#endif
