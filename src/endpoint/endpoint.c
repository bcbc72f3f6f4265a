/* SPDX-License-Identifier: Apache-2.0 */
#include <assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "endpoint/connection.h"

#define BACKLOG		4096
#define TICK_MS		250
#define DEFAULT_ADDRESS "127.0.0.1"

struct endpoint {
	uv_loop_t loop;
	uv_tcp_t listener;
	uv_timer_t tick;
	uv_async_t stop;
	uv_thread_t thread;
	uint16_t port;
	struct service service;
};

static void on_connection(uv_stream_t *listener, int status)
{
	struct endpoint *endpoint = listener->data;
	if (status == 0)
		connection_accept(&endpoint->service, listener);
}

static void on_tick(uv_timer_t *timer)
{
	struct endpoint *endpoint = timer->data;
	connections_tick(&endpoint->service);
}

static void on_stop(uv_async_t *async)
{
	struct endpoint *endpoint = async->data;
	while (endpoint->service.connections)
		connection_close(endpoint->service.connections);
	uv_close((uv_handle_t *)&endpoint->listener, NULL);
	uv_close((uv_handle_t *)&endpoint->tick, NULL);
	uv_close((uv_handle_t *)&endpoint->stop, NULL);
}

/* Signals belong to the thread that started us; a client that is gone is no signal at all. */
static void endpoint_run(void *context)
{
	struct endpoint *endpoint = context;
	sigset_t all;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	uv_run(&endpoint->loop, UV_RUN_DEFAULT);
}

static int address_read(struct sockaddr_storage *out, const char *text, uint16_t port)
{
	if (uv_ip4_addr(text, port, (struct sockaddr_in *)out) == 0)
		return 0;
	return uv_ip6_addr(text, port, (struct sockaddr_in6 *)out);
}

static uint16_t port_of(const uv_tcp_t *listener)
{
	struct sockaddr_storage address = { 0 };
	int len = sizeof address;
	if (uv_tcp_getsockname(listener, (struct sockaddr *)&address, &len) != 0)
		return 0;
	/* Both families keep the port at the same place. */
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static int listen_at(struct endpoint *endpoint, const char *text, uint16_t port)
{
	struct sockaddr_storage address = { 0 };
	int bad = address_read(&address, text, port);
	if (!bad)
		bad = uv_tcp_bind(&endpoint->listener, (const struct sockaddr *)&address, 0);
	if (!bad)
		bad = uv_listen((uv_stream_t *)&endpoint->listener, BACKLOG, on_connection);
	endpoint->port = port_of(&endpoint->listener);
	return bad;
}

/* The handles are made in any case, so that one way of stopping fits all. */
static int handles_make(struct endpoint *endpoint)
{
	uv_loop_t *loop = &endpoint->loop;
	endpoint->service.loop = loop;
	endpoint->listener.data = endpoint->tick.data = endpoint->stop.data = endpoint;
	int bad = uv_tcp_init(loop, &endpoint->listener);
	if (!bad)
		bad = uv_timer_init(loop, &endpoint->tick);
	if (!bad)
		bad = uv_async_init(loop, &endpoint->stop, on_stop);
	if (!bad)
		bad = uv_timer_start(&endpoint->tick, on_tick, TICK_MS, TICK_MS);
	return bad;
}

static void close_handle(uv_handle_t *handle, void *context)
{
	(void)context;
	if (!uv_is_closing(handle))
		uv_close(handle, NULL);
}

static void endpoint_free(struct endpoint *endpoint)
{
	uv_walk(&endpoint->loop, close_handle, NULL);
	uv_run(&endpoint->loop, UV_RUN_DEFAULT);
	int busy = uv_loop_close(&endpoint->loop);
	assert(busy == 0);
	tls_server_free(endpoint->service.tls);
	free(endpoint);
}

static void service_init(struct service *service, const struct endpoint_options *options)
{
	const char *name = options->upgrade->name;
	service->postgres = strncmp(name, "postgresql", strlen("postgresql")) == 0;
	service->clear_first = strcmp(name, "postgresql") == 0;
	service->alpn_required = options->upgrade->alpn != NULL && !service->clear_first;
	struct repertoire *repertoire = &service->repertoire;
	repertoire_init(repertoire, options->settings,
			service->postgres ? options->version_refusal : REFUSE_BY_ALERT);
	/* Where TLS comes first, the protocol is known; elsewhere whoever asks gets an answer. */
	size_t len = 0;
	repertoire->alpn[len++] = service->postgres ? "postgresql" : "http/1.1";
	if (!service->alpn_required)
		repertoire->alpn[len++] = service->postgres ? "http/1.1" : "postgresql";
	if (!service->alpn_required)
		repertoire->alpn[len++] = "h2";
	repertoire_break(repertoire, options->defect);
}

/* `*error` is libuv's, for a fault of kind IO. */
static enum fault endpoint_open(struct endpoint *endpoint, const struct endpoint_options *options,
				int *error)
{
	struct service *service = &endpoint->service;
	service_init(service, options);
	*error = handles_make(endpoint);
	if (!*error)
		*error = listen_at(endpoint,
				   options->listen_address ? options->listen_address
							   : DEFAULT_ADDRESS,
				   options->port);
	if (*error)
		return FAULT_IO;
	enum fault fault = tls_server_make(&service->tls, options->identity, &service->repertoire);
	if (fault != FAULT_NONE)
		return fault;
	*error = uv_thread_create(&endpoint->thread, endpoint_run, endpoint);
	return *error ? FAULT_IO : FAULT_NONE;
}

enum fault endpoint_start(struct endpoint **out, const struct endpoint_options *options, char *why,
			  size_t why_len)
{
	*out = NULL;
	struct endpoint *endpoint = calloc(1, sizeof *endpoint);
	if (!endpoint || uv_loop_init(&endpoint->loop) != 0) {
		free(endpoint);
		snprintf(why, why_len, "%s", fault_text(FAULT_NO_MEMORY));
		return FAULT_NO_MEMORY;
	}
	int error = 0;
	enum fault fault = endpoint_open(endpoint, options, &error);
	if (fault == FAULT_NONE) {
		*out = endpoint;
		return FAULT_NONE;
	}
	if (fault == FAULT_IO)
		snprintf(why, why_len, "cannot listen on '%s' port %u: %s",
			 options->listen_address ? options->listen_address : DEFAULT_ADDRESS,
			 options->port, uv_strerror(error));
	else
		snprintf(why, why_len, "cannot prepare keys and certificates: %s",
			 fault_text(fault));
	endpoint_free(endpoint);
	return fault;
}

uint16_t endpoint_port(const struct endpoint *endpoint)
{
	return endpoint->port;
}

void endpoint_stop(struct endpoint *endpoint)
{
	if (!endpoint)
		return;
	uv_async_send(&endpoint->stop);
	uv_thread_join(&endpoint->thread);
	endpoint_free(endpoint);
}
