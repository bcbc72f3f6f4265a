/* tcp.h - non-blocking TCP sockets, in which FIN, RST and silence are never confused. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TRANSPORT_TCP_H
#define TRANSPORT_TCP_H

#include "transport/resolve.h"

enum tcp_result {
	TCP_DONE,	 /* some bytes moved, or the socket is on its way to be connected */
	TCP_AGAIN,	 /* nothing can move now */
	TCP_FIN,	 /* the peer closed in order */
	TCP_RST,	 /* the peer reset the connection */
	TCP_SILENT,	 /* the kernel gave up waiting for the peer */
	TCP_UNREACHABLE, /* no connection came about */
	TCP_EXHAUSTED,	 /* no descriptor, port or memory is left on our side */
};

/*
 * tcp_connect opens a socket and starts to connect it. The outcome shows in the first
 * tcp_send or tcp_receive, which return AGAIN until then; SO_ERROR is never asked, because asking
 * clears it. `error` gets the system's number for tcp_why.
 */
enum tcp_result tcp_connect(int *fd, const struct address *to, int *error);

/* tcp_hurry sets TCP_NODELAY: what is sent next does not wait until the peer has acknowledged what
 * was sent before. What is sent first never does. */
void tcp_hurry(int fd);

/*
 * tcp_send moves what fits. RST: what came before it may still be read. FIN: the peer is gone, and
 * reading tells how.
 */
enum tcp_result tcp_send(int fd, struct span bytes, size_t *sent, int *error);

/* tcp_receive reads at most `cap` bytes. */
enum tcp_result tcp_receive(int fd, uint8_t *out, size_t cap, size_t *got, int *error);

/* tcp_discard throws some of the bytes away that came. */
enum tcp_result tcp_discard(int fd);

/* tcp_finish sends our FIN. */
void tcp_finish(int fd);

/* tcp_close closes in order: after the peer's FIN it leaves no TIME_WAIT behind. */
void tcp_close(int fd);

/* tcp_abort closes with a RST and leaves no TIME_WAIT behind. */
void tcp_abort(int fd);

/* tcp_why writes "cannot connect to '127.0.0.1:5432': connection refused". */
void tcp_why(char *out, size_t out_len, const struct address *to, int error);

#endif
