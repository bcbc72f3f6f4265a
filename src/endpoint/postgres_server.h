/* postgres_server.h - the server's side of a PostgreSQL session up to the password, in clear or
 * inside TLS. Pure. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_POSTGRES_SERVER_H
#define ENDPOINT_POSTGRES_SERVER_H

#include "base/builder.h"
#include "base/cursor.h"
#include "endpoint/defect.h"

/* PostgreSQL's own ceiling for a startup packet. */
#define POSTGRES_STARTUP_MAX 10000
#define POSTGRES_REPLY_MAX   512

enum postgres_action {
	POSTGRES_WAIT,	/* send the reply, if any; more input is wanted */
	POSTGRES_TLS,	/* send the reply; TLS begins with the next byte */
	POSTGRES_FINISH /* send the reply, if any, and close */
};

/*
 * Outside TLS, `plaintext` says whether a session may go on. `turned_away` answers every
 * StartupMessage with the refusal of the managed service for an old version of TLS. `defect` is the
 * one rule to break.
 */
struct postgres_server {
	bool plaintext, turned_away, tls;
	bool ssl_done, gss_done, started;
	enum defect defect;
	char user[64];
};

/*
 * postgres_server_take consumes one whole message of `in`, if there is one, and writes what is to
 * be sent to `reply`, which has room for POSTGRES_REPLY_MAX bytes. WAIT with nothing consumed means
 * that the message is not whole.
 */
enum postgres_action postgres_server_take(struct postgres_server *server, struct cursor *in,
					  struct builder *reply);

#endif
