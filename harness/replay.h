/* replay.h - runs the harness over files and folders, for ctest and for triage. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_REPLAY_H
#define HARNESS_REPLAY_H

/* replay_paths returns the exit status: 2 when a path cannot be read or holds no file. */
int replay_paths(int count, char **paths);

#endif
