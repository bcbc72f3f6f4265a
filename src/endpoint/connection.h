/* connection.h - one client of the reference endpoint, from accept to close. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_CONNECTION_H
#define ENDPOINT_CONNECTION_H

#include <uv.h>

#include "endpoint/gate.h"
#include "endpoint/input.h"
#include "endpoint/mangle.h"
#include "endpoint/postgres_server.h"
#include "endpoint/tls_server.h"
#include "endpoint/tls_session.h"

struct connection;

/* What all connections of one endpoint share; one thread uses it. */
struct service {
	uv_loop_t *loop;
	struct repertoire repertoire;
	struct tls_server *tls;
	bool postgres;	    /* PostgreSQL is spoken inside TLS */
	bool clear_first;   /* and before it: an SSLRequest leads there */
	bool alpn_required; /* a session without it is closed (PostgreSQL 17, direct TLS) */
	struct connection *connections;
	size_t connections_len;
	unsigned hellos, ticks;
	uint64_t down_until_ms; /* defects only: the endpoint has crashed */
	char read_buffer[65536];
};

enum phase {
	PHASE_CLEAR,	 /* PostgreSQL before TLS */
	PHASE_GATE,	 /* a ClientHello is awaited */
	PHASE_HANDSHAKE, /* mbedTLS has taken over */
	PHASE_SESSION,	 /* PostgreSQL, or nothing, inside TLS */
	PHASE_DEAF,	 /* defects only: nothing more is said, and the connection stays */
	PHASE_LINGER,	 /* all is said: read on until the client closes, so that it sees FIN */
};

struct connection {
	struct service *service;
	struct connection *next, **link;
	uv_tcp_t tcp;
	uv_shutdown_t shutdown;
	enum phase phase;
	enum version version;
	bool closing, finished, peer_finished, alert_sent, handshake_done;
	uint64_t deadline_ms;
	size_t unsent, discarded;
	struct input in, plain; /* as received; and what came out of TLS */
	struct input drip;	/* defects only: what goes out byte by byte */
	struct gate gate;
	struct gate_result heard;
	struct postgres_server postgres;
	struct mangle mangle;
	struct tls_session *tls;
};

/* connection_accept takes the next client of a listener and serves it. */
void connection_accept(struct service *service, uv_stream_t *listener);

/* connection_close lets go at once; memory follows when the loop says so. */
void connection_close(struct connection *connection);

/* connection_reset lets go with an RST. */
void connection_reset(struct connection *connection);

/* connections_tick ends whoever is past the deadline, and drips. */
void connections_tick(struct service *service);

/* connection_output sends bytes, or keeps them until the client reads. */
void connection_output(struct connection *connection, struct span bytes);

/* connection_finish says that nothing more will be sent, and waits for the client's end. */
void connection_finish(struct connection *connection);

/* speech_say sends a TLS record of ours, as the defect has it. */
void speech_say(struct connection *connection, struct span record);

/* speech_alert sends a fatal alert in clear. */
void speech_alert(struct connection *connection, uint16_t version, uint8_t alert);

/* speech_leak answers a heartbeat request in clear with `len` bytes (CVE-2014-0160). */
void speech_leak(struct connection *connection, size_t len);

/* dialogue_start sets the first phase; dialogue_step acts on what has come so far. */
void dialogue_start(struct connection *connection);
void dialogue_step(struct connection *connection);

/* dialogue_release frees what the phases made. */
void dialogue_release(struct connection *connection);

#endif
