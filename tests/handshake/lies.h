/* lies.h - one deviation a row, and the name that the client must give it. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TESTS_HANDSHAKE_LIES_H
#define TESTS_HANDSHAKE_LIES_H

#include <criterion/criterion.h>

#include "rogue.h"
#include "wire/server_hello.h"

/* With violation NONE the handshake finishes: the row shows what its neighbours differ from. */
struct lie {
	const char *name;
	enum version version;
	uint16_t suite;
	void (*prepare)(struct scene *scene);
	void (*lie_hello)(struct rogue *rogue, struct server_hello *hello);
	enum violation violation;
};

/* lies_play plays each row whole, and byte by byte; the alert sent back is the violation's. */
void lies_play(const struct lie *lies, size_t len);

/* Shared by several rows. */
void share_p256(struct scene *scene);
void lie_renegotiation(struct rogue *rogue, enum step step, struct builder *message);

#endif
