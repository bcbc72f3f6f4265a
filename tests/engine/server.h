/* server.h - scripted TCP servers on loopback, in threads of the test's own process. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_ENGINE_SERVER_H
#define TESTS_ENGINE_SERVER_H

#include "engine/source.h"

#include <stdatomic.h>

/* `serve` talks on one accepted connection and closes it; `n` counts connections from 0. */
struct server {
	struct address address;
	int listener;
	void (*serve)(struct server *server, int fd, unsigned n);
	atomic_uint accepted, open;
};

/* server_start listens on a free port and serves each connection in a thread of its own. */
void server_start(struct server *server, void (*serve)(struct server *server, int fd, unsigned n));

/* server_start_apart does so in a process of its own, with descriptors of its own. */
void server_start_apart(struct server *server,
			void (*serve)(struct server *server, int fd, unsigned n));

/* server_read reads until `n` bytes came, or the end; it returns how many. */
size_t server_read(int fd, uint8_t *out, size_t n);

/* server_read_record reads one whole record. */
void server_read_record(int fd);

/* server_abort closes with a RST. */
void server_abort(int fd);

/* A source of `len` equal probes, and the answers that they got. */
struct asker {
	struct probe probe;
	uint32_t len, asked, answered, together;
	struct observation seen[4096];
	void (*on_answer)(struct asker *asker);
	unsigned most_together;
};

/* ask drives the engine over all probes of the asker, at most `together` at a time (0: any). */
struct engine_result ask(struct asker *asker, const struct engine_options *options);

/* asker_init makes `len` TLS 1.2 probes over the upgrade. */
void asker_init(struct asker *asker, uint32_t len, const char *upgrade);

#define ALERT_40 span_of("\x15\x03\x03\x00\x02\x02\x28", 7)

void server_send(int fd, struct span bytes);

#endif
