/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <stdio.h>

#include "cli/explain.h"

#define ENDPOINT_MAX (INET6_ADDRSTRLEN + sizeof("[]:65535"))

static const char *endpoint_text(char out[ENDPOINT_MAX], const struct capture_endpoint *end)
{
	char address[INET6_ADDRSTRLEN] = "";
	bool v4 = end->address_len == 4;
	inet_ntop(v4 ? AF_INET : AF_INET6, end->address, address, sizeof(address));
	snprintf(out, ENDPOINT_MAX, v4 ? "%s:%u" : "[%s]:%u", address, end->port);
	return out;
}

static struct span host_of(const struct explained *explained)
{
	const struct hello_input *in = &explained->file.input;
	return in->form == HELLO_FORM_SSLV2 ? span_of(NULL, 0) : client_hello_host(&in->hello);
}

static void put_place(struct text *out, const struct capture_hello *captured)
{
	char client[ENDPOINT_MAX], server[ENDPOINT_MAX];
	text_printf(out, "from %s to %s, packet %u", endpoint_text(client, &captured->client),
		    endpoint_text(server, &captured->server), captured->packet);
}

void explain_captured_text(struct text *out, const struct explained *explained)
{
	const struct capture_hello *captured = explained->captured;
	struct span host = host_of(explained);
	if (!captured)
		return;
	text_put(out, "  captured   ");
	put_place(out, captured);
	if (captured->before)
		text_printf(out, ", after %zu other bytes", captured->before);
	if (host.at)
		text_put(out, ", server_name ");
	text_quote(out, host);
	text_put_char(out, '\n');
}

void explain_captured_json(struct json_stream *object, const struct explained *explained)
{
	char client[ENDPOINT_MAX], server[ENDPOINT_MAX];
	const struct capture_hello *captured = explained->captured;
	struct span host = host_of(explained);
	struct text name;
	if (!captured)
		return;
	text_init(&name);
	text_quote(&name, host);
	struct json_stream inner = json_open_member(object, "captured");
	json_int(&inner, "hello", explained->number);
	json_int(&inner, "packet", captured->packet);
	json_text(&inner, "client", endpoint_text(client, &captured->client));
	json_text(&inner, "server", endpoint_text(server, &captured->server));
	json_int(&inner, "bytes_before", captured->before);
	json_text(&inner, "server_name", host.at ? text_view(&name) : NULL);
	json_close(&inner);
	text_release(&name);
}

void explain_captured_refusal(struct text *out, const struct explained *explained)
{
	if (!explained->captured)
		return;
	text_put(out, " (");
	put_place(out, explained->captured);
	text_put(out, explained->captured->whole ? ")" : ", and the capture has no more of it)");
}

bool explain_passed_over(struct text *out, const struct capture_hellos *capture, size_t index)
{
	bool fragments = capture->fragments && index == 0;
	if (fragments)
		text_printf(out, "%zu fragment%s of IP packets %s passed over", capture->fragments,
			    capture->fragments == 1 ? "" : "s",
			    capture->fragments == 1 ? "was" : "were");
	else if (capture->unread && index == (capture->fragments ? 1 : 0))
		text_printf(out, "%zu packet%s passed over, for the link type %u is not known",
			    capture->unread, capture->unread == 1 ? " was" : "s were",
			    capture->unread_link);
	else
		return false;
	return true;
}

/* Nothing was found: what was there instead. */
static void put_looked_at(struct text *out, const struct capture_hellos *capture)
{
	text_printf(out, "has no ClientHello in %zu packet%s and %zu TCP connection%s",
		    capture->packets, capture->packets == 1 ? "" : "s", capture->connections,
		    capture->connections == 1 ? "" : "s");
	for (size_t i = 0; i < 2; i++) {
		struct text more;
		text_init(&more);
		if (explain_passed_over(&more, capture, i))
			text_join(out, "; ", text_view(&more));
		text_release(&more);
	}
}

enum fault explain_next_captured(struct span *out, bool *found, struct explain_source *source,
				 char *why, size_t why_len)
{
	const struct capture_hellos *hellos = &source->hellos;
	struct text text;
	*found = source->hellos_given < hellos->len;
	source->captured = *found ? &hellos->at[source->hellos_given++] : NULL;
	if (*found) {
		*out = source->captured->bytes;
		return FAULT_NONE;
	}
	if (source->fault == FAULT_NONE && hellos->len)
		return FAULT_NONE;
	text_init(&text);
	if (source->fault != FAULT_NONE)
		text_printf(&text, "offset %zu: %s %s", source->wrong.offset, source->wrong.field,
			    source->wrong.what);
	else
		put_looked_at(&text, hellos);
	snprintf(why, why_len, "%s", text_view(&text));
	text_release(&text);
	return FAULT_INPUT;
}
