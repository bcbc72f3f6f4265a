/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "endpoint/connection.h"

static void on_closed(uv_handle_t *handle)
{
	struct connection *connection = handle->data;
	dialogue_release(connection);
	free(connection);
}

static void connection_unlist(struct connection *connection)
{
	connection->closing = true;
	*connection->link = connection->next;
	if (connection->next)
		connection->next->link = connection->link;
	connection->service->connections_len--;
}

void connection_close(struct connection *connection)
{
	if (connection->closing)
		return;
	connection_unlist(connection);
	uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

void connection_reset(struct connection *connection)
{
	if (connection->closing)
		return;
	connection_unlist(connection);
	if (uv_tcp_close_reset(&connection->tcp, on_closed) != 0)
		uv_close((uv_handle_t *)&connection->tcp, on_closed);
}

#define TICKS_A_SECOND 4

static void drip(struct connection *connection)
{
	struct cursor c = input_cursor(&connection->drip);
	struct span byte = cursor_take(&c, cursor_left(&c) > 0);
	if (!byte.len)
		return;
	uv_buf_t buffer = { .len = 1 };
	memcpy(&buffer.base, &byte.at, sizeof buffer.base);
	if (uv_try_write((uv_stream_t *)&connection->tcp, &buffer, 1) == 1)
		input_consumed(&connection->drip, &c);
}

void connections_tick(struct service *service)
{
	uint64_t now = uv_now(service->loop);
	bool second = ++service->ticks % TICKS_A_SECOND == 0;
	struct connection *next;
	for (struct connection *c = service->connections; c; c = next) {
		next = c->next;
		if (c->deadline_ms <= now)
			connection_close(c);
		else if (second)
			drip(c);
	}
}

/* --- sending --- */

struct writing {
	uv_write_t request;
	struct connection *connection;
	size_t len;
	char bytes[];
};

static void on_written(uv_write_t *request, int status)
{
	struct writing *writing = request->data;
	struct connection *connection = writing->connection;
	connection->unsent -= writing->len;
	if (status < 0)
		connection_close(connection);
	free(writing);
}

static void output_later(struct connection *connection, struct span bytes)
{
	struct writing *writing = NULL;
	if (connection->unsent + bytes.len <= ENDPOINT_OUTPUT_MAX)
		writing = malloc(sizeof *writing + bytes.len);
	if (!writing) {
		connection_close(connection);
		return;
	}
	writing->connection = connection;
	writing->len = bytes.len;
	writing->request.data = writing;
	memcpy(writing->bytes, bytes.at, bytes.len);
	uv_buf_t buffer = uv_buf_init(writing->bytes, (unsigned)bytes.len);
	connection->unsent += bytes.len;
	if (uv_write(&writing->request, (uv_stream_t *)&connection->tcp, &buffer, 1, on_written) ==
	    0)
		return;
	connection->unsent -= bytes.len;
	free(writing);
	connection_close(connection);
}

void connection_output(struct connection *connection, struct span bytes)
{
	if (connection->closing || !bytes.len)
		return;
	if (repertoire_is(&connection->service->repertoire, DEFECT_DRIBBLES)) {
		if (!input_append(&connection->drip, bytes))
			connection_close(connection);
		return;
	}
	if (!connection->unsent) {
		/* libuv's buffers are not const, but are only read here. */
		uv_buf_t buffer = { .len = bytes.len };
		memcpy(&buffer.base, &bytes.at, sizeof buffer.base);
		int sent = uv_try_write((uv_stream_t *)&connection->tcp, &buffer, 1);
		if (sent < 0 && sent != UV_EAGAIN) {
			connection_close(connection);
			return;
		}
		bytes = span_skip(bytes, sent > 0 ? (size_t)sent : 0);
	}
	if (bytes.len)
		output_later(connection, bytes);
}

/* --- ending --- */

static void on_finished(uv_shutdown_t *request, int status)
{
	struct connection *connection = request->data;
	connection->finished = true;
	if (status < 0 || connection->peer_finished)
		connection_close(connection);
}

void connection_finish(struct connection *connection)
{
	if (connection->closing || connection->phase >= PHASE_DEAF)
		return;
	if (connection->drip.at < connection->drip.len)
		return;
	if (connection->handshake_done && !connection->alert_sent)
		mbedtls_ssl_close_notify(&connection->tls->ssl);
	if (connection->closing)
		return;
	connection->phase = PHASE_LINGER;
	connection->deadline_ms = uv_now(connection->service->loop) + ENDPOINT_LINGER_MS;
	connection->shutdown.data = connection;
	if (uv_shutdown(&connection->shutdown, (uv_stream_t *)&connection->tcp, on_finished) != 0)
		connection_close(connection);
}

/* --- receiving --- */

static void on_buffer_wanted(uv_handle_t *handle, size_t suggested, uv_buf_t *out)
{
	struct connection *connection = handle->data;
	(void)suggested;
	*out = uv_buf_init(connection->service->read_buffer,
			   sizeof connection->service->read_buffer);
}

static void peer_finished(struct connection *connection)
{
	connection->peer_finished = true;
	if (connection->finished || connection->phase == PHASE_DEAF)
		connection_close(connection);
	else
		connection_finish(connection);
}

static void on_read(uv_stream_t *stream, ssize_t got, const uv_buf_t *buffer)
{
	struct connection *connection = stream->data;
	if (connection->closing || got == 0)
		return;
	if (got == UV_EOF) {
		peer_finished(connection);
		return;
	}
	if (got < 0) {
		connection_close(connection);
		return;
	}
	if (connection->phase >= PHASE_DEAF) {
		connection->discarded += (size_t)got;
		if (connection->discarded > ENDPOINT_DISCARD_MAX)
			connection_close(connection);
		return;
	}
	if (!input_append(&connection->in, span_of(buffer->base, (size_t)got)))
		connection_close(connection);
	dialogue_step(connection);
}

/* --- beginning --- */

static void connection_list(struct connection *connection)
{
	struct service *service = connection->service;
	connection->next = service->connections;
	connection->link = &service->connections;
	if (connection->next)
		connection->next->link = &connection->next;
	service->connections = connection;
	service->connections_len++;
}

void connection_accept(struct service *service, uv_stream_t *listener)
{
	struct connection *connection = calloc(1, sizeof *connection);
	if (!connection)
		return;
	connection->service = service;
	connection->tcp.data = connection;
	if (uv_tcp_init(service->loop, &connection->tcp) != 0) {
		free(connection);
		return;
	}
	connection_list(connection);
	connection->deadline_ms = uv_now(service->loop) + ENDPOINT_DEADLINE_MS;
	dialogue_start(connection);
	uv_stream_t *stream = (uv_stream_t *)&connection->tcp;
	bool bad = uv_accept(listener, stream) != 0 ||
		   service->down_until_ms > uv_now(service->loop) ||
		   service->connections_len > ENDPOINT_CONNECTIONS_MAX ||
		   uv_read_start(stream, on_buffer_wanted, on_read) != 0;
	if (bad)
		connection_close(connection);
}
