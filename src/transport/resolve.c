/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/resolve.h"

#include <ares.h>
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void set_text(struct address *address, uint16_t port)
{
	char host[INET6_ADDRSTRLEN] = "?";
	if (address->any.sa_family == AF_INET6) {
		inet_ntop(AF_INET6, &address->v6.sin6_addr, host, sizeof(host));
		snprintf(address->text, sizeof(address->text), "[%s]:%u", host, (unsigned)port);
		return;
	}
	inet_ntop(AF_INET, &address->v4.sin_addr, host, sizeof(host));
	snprintf(address->text, sizeof(address->text), "%s:%u", host, (unsigned)port);
}

static void add(struct addresses *out, struct address address, uint16_t port)
{
	if (address.any.sa_family == AF_INET6)
		address.v6.sin6_port = htons(port);
	else
		address.v4.sin_port = htons(port);
	set_text(&address, port);
	for (size_t i = 0; i < out->len; i++)
		if (strcmp(out->items[i].text, address.text) == 0)
			return;
	if (out->len < ADDRESSES_MAX)
		out->items[out->len++] = address;
}

static bool parse_v4(struct address *out, const char *host)
{
	*out = (struct address){ .v4 = { .sin_family = AF_INET } };
	return inet_pton(AF_INET, host, &out->v4.sin_addr) == 1;
}

/* "::1", "[::1]" and "fe80::1%eth0" */
static bool parse_v6(struct address *out, const char *host)
{
	char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 3];
	size_t len = strlen(host);
	if (len >= 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	if (len >= sizeof(text))
		return false;
	memcpy(text, host, len);
	text[len] = 0;
	*out = (struct address){ .v6 = { .sin6_family = AF_INET6 } };
	char *zone = strchr(text, '%');
	if (zone) {
		*zone++ = 0;
		out->v6.sin6_scope_id = if_nametoindex(zone);
		if (out->v6.sin6_scope_id == 0)
			out->v6.sin6_scope_id = (uint32_t)strtoul(zone, NULL, 10);
	}
	return inet_pton(AF_INET6, text, &out->v6.sin6_addr) == 1;
}

static bool resolve_literal(struct addresses *out, const char *host, uint16_t port)
{
	struct address address;
	if (strcasecmp(host, "localhost") == 0) {
		parse_v4(&address, "127.0.0.1");
		add(out, address, port);
		parse_v6(&address, "::1");
		add(out, address, port);
		return true;
	}
	if (!parse_v4(&address, host) && !parse_v6(&address, host))
		return false;
	add(out, address, port);
	return true;
}

struct query {
	struct addresses *out;
	uint16_t port;
	int status;
	bool done;
};

static void take(void *context, int status, int timeouts, struct ares_addrinfo *result)
{
	(void)timeouts;
	struct query *query = context;
	query->status = status;
	query->done = true;
	if (status != ARES_SUCCESS)
		return;
	for (struct ares_addrinfo_node *node = result->nodes; node; node = node->ai_next) {
		struct address address = { .text = "" };
		if (node->ai_family == AF_INET)
			memcpy(&address.v4, node->ai_addr, sizeof(address.v4));
		else if (node->ai_family == AF_INET6)
			memcpy(&address.v6, node->ai_addr, sizeof(address.v6));
		else
			continue;
		add(query->out, address, query->port);
	}
	ares_freeaddrinfo(result);
}

static int64_t now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for the channel's sockets or its next retransmission, at most `left` ms. */
static void wait_once(ares_channel channel, int64_t left)
{
	ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
	struct pollfd fds[ARES_GETSOCK_MAXNUM];
	/* c-ares' own macros shift a signed 1 by 31. */
	unsigned mask = (unsigned)ares_getsock(channel, sockets, ARES_GETSOCK_MAXNUM);
	nfds_t n = 0;
	for (unsigned i = 0; i < ARES_GETSOCK_MAXNUM; i++) {
		bool reads = mask & 1u << i;
		bool writes = mask & 1u << (i + ARES_GETSOCK_MAXNUM);
		short events = (short)((reads ? POLLIN : 0) | (writes ? POLLOUT : 0));
		if (events)
			fds[n++] = (struct pollfd){ .fd = sockets[i], .events = events };
	}
	struct timeval most = { .tv_sec = left / 1000, .tv_usec = (left % 1000) * 1000 }, next;
	struct timeval *wait = ares_timeout(channel, &most, &next);
	int ms = (int)(wait->tv_sec * 1000 + wait->tv_usec / 1000 + 1);
	if (poll(fds, n, ms) <= 0) {
		ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
		return;
	}
	for (nfds_t i = 0; i < n; i++) {
		bool in = fds[i].revents & (POLLIN | POLLERR | POLLHUP);
		bool out = fds[i].revents & (POLLOUT | POLLERR | POLLHUP);
		ares_process_fd(channel, in ? fds[i].fd : ARES_SOCKET_BAD,
				out ? fds[i].fd : ARES_SOCKET_BAD);
	}
}

static const char *ask(ares_channel channel, struct query *query, const char *host,
		       int64_t deadline)
{
	struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
	ares_getaddrinfo(channel, host, NULL, &hints, take, query);
	while (!query->done && now_ms() < deadline)
		wait_once(channel, deadline - now_ms() > 0 ? deadline - now_ms() : 0);
	if (!query->done) {
		ares_cancel(channel);
		return "no answer in time";
	}
	if (query->out->len)
		return NULL;
	switch (query->status) {
	case ARES_SUCCESS:
	case ARES_ENODATA:
		return "the name has no address";
	case ARES_ENOTFOUND:
		return "no such host";
	case ARES_ECONNREFUSED:
		return "no name server answers";
	case ARES_ETIMEOUT:
		return "no answer in time";
	default:
		return ares_strerror(query->status);
	}
}

static ares_channel channel_open(const char *resolver, unsigned timeout_ms, const char **reason)
{
	ares_channel channel = NULL;
	/* Three tries share the deadline; c-ares doubles the wait after each: 1 + 2 + 4. */
	struct ares_options options = { .timeout = (int)(timeout_ms / 7 + 1), .tries = 3 };
	if (ares_init_options(&channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES) !=
	    ARES_SUCCESS) {
		*reason = "the resolver cannot be started";
		return NULL;
	}
	if (resolver && ares_set_servers_ports_csv(channel, resolver) != ARES_SUCCESS) {
		*reason = "the name server's address cannot be read";
		ares_destroy(channel);
		return NULL;
	}
	return channel;
}

enum fault resolve_host(struct addresses *out, const char *host, uint16_t port,
			const char *resolver, unsigned timeout_ms, char *why, size_t why_len)
{
	const char *reason = NULL;
	int64_t deadline = now_ms() + timeout_ms;
	out->len = 0;
	if (resolve_literal(out, host, port))
		return FAULT_NONE;
	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS) {
		snprintf(why, why_len, "cannot resolve '%s': the resolver cannot be started", host);
		return FAULT_IO;
	}
	ares_channel channel = channel_open(resolver, timeout_ms, &reason);
	struct query query = { .out = out, .port = port };
	if (channel) {
		reason = ask(channel, &query, host, deadline);
		ares_destroy(channel);
	}
	ares_library_cleanup();
	if (!reason)
		return FAULT_NONE;
	snprintf(why, why_len, "cannot resolve '%s': %s", host, reason);
	return FAULT_NOT_FOUND;
}
