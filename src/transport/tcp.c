/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/tcp.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

static socklen_t address_len(const struct address *address)
{
	return address->any.sa_family == AF_INET6 ? sizeof(address->v6) : sizeof(address->v4);
}

static enum tcp_result result_of(int error)
{
	switch (error) {
	case EAGAIN:
	case EINPROGRESS:
	case EALREADY:
	case EINTR:
		return TCP_AGAIN;
	case ECONNRESET:
	case ECONNABORTED:
		return TCP_RST;
	case EPIPE:
		return TCP_FIN;
	case ETIMEDOUT:
		return TCP_SILENT;
	case EMFILE:
	case ENFILE:
	case ENOBUFS:
	case ENOMEM:
	case EADDRNOTAVAIL:
		return TCP_EXHAUSTED;
	default:
		return TCP_UNREACHABLE;
	}
}

enum tcp_result tcp_connect(int *fd, const struct address *to, int *error)
{
	*error = 0;
	*fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (*fd < 0) {
		*error = errno;
		return result_of(*error);
	}
	if (connect(*fd, &to->any, address_len(to)) == 0 || errno == EINPROGRESS)
		return TCP_DONE;
	*error = errno;
	close(*fd);
	*fd = -1;
	return result_of(*error);
}

void tcp_hurry(int fd)
{
	static const int on = 1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

enum tcp_result tcp_send(int fd, struct span bytes, size_t *sent, int *error)
{
	ssize_t n = send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
	*sent = n < 0 ? 0 : (size_t)n;
	*error = n < 0 ? errno : 0;
	return n < 0 ? result_of(*error) : TCP_DONE;
}

enum tcp_result tcp_receive(int fd, uint8_t *out, size_t cap, size_t *got, int *error)
{
	ssize_t n = recv(fd, out, cap, 0);
	*got = n < 0 ? 0 : (size_t)n;
	*error = n < 0 ? errno : 0;
	if (n == 0)
		return TCP_FIN;
	return n < 0 ? result_of(*error) : TCP_DONE;
}

enum tcp_result tcp_discard(int fd)
{
	uint8_t waste[4096];
	ssize_t n = recv(fd, waste, sizeof(waste), 0);
	if (n == 0)
		return TCP_FIN;
	return n < 0 ? result_of(errno) : TCP_DONE;
}

void tcp_finish(int fd)
{
	shutdown(fd, SHUT_WR);
}

void tcp_close(int fd)
{
	close(fd);
}

void tcp_abort(int fd)
{
	static const struct linger now = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

static const char *reason(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return "connection refused";
	case ETIMEDOUT:
		return "timed out";
	case EHOSTUNREACH:
		return "no route to host";
	case ENETUNREACH:
		return "network is unreachable";
	case EMFILE:
	case ENFILE:
		return "too many open files";
	case EADDRNOTAVAIL:
		return "no local port is left";
	case EACCES:
	case EPERM:
		return "not permitted";
	default:
		return strerror(error);
	}
}

void tcp_why(char *out, size_t out_len, const struct address *to, int error)
{
	snprintf(out, out_len, "cannot connect to '%s': %s", to->text,
		 reason(error ? error : ETIMEDOUT));
}
