/* rig_pg.h - PostgreSQL logins at a server that is the input. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_PG_H
#define HARNESS_RIG_PG_H

#include "harness.h"
#include "upgrade/pg_refusal.h"
#include "upgrade/pg_session.h"

/* rig_pg_session runs one session to the end of the server's bytes. */
void rig_pg_session(struct pg_session *session, uint8_t choice, struct span server, size_t chunk);

/* rig_pg_same compares two sessions that heard the same. */
void rig_pg_same(const struct pg_session *a, const struct pg_session *b);

/* rig_pg_scram answers a server's two messages: no signature is believed that the password does
 * not give. */
void rig_pg_scram(enum pg_binding binding, struct span server_first, struct span server_final);

#endif
