/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture.h"

#include "wire/capture/capture_file.h"
#include "wire/capture/capture_flow.h"
#include "wire/capture/capture_search.h"

/* What is found on the way through the file. */
struct reading {
	struct capture_hellos *out;
	struct arena *arena;
	struct capture_flows flows;
};

static enum fault take_packet(struct reading *reading, const struct capture_packet *packet)
{
	struct capture_segment segment;
	struct capture_hellos *out = reading->out;
	out->packets++;
	switch (capture_segment_read(&segment, packet->link, packet->bytes)) {
	case CAPTURE_TCP:
		return capture_flows_add(&reading->flows, &segment, (uint32_t)out->packets);
	case CAPTURE_FRAGMENT:
		out->fragments++;
		break;
	case CAPTURE_UNREAD:
		if (!out->unread++)
			out->unread_link = packet->link;
		break;
	case CAPTURE_OTHER:
		break;
	}
	return FAULT_NONE;
}

/* The hello that one of the two ends sent, if it is the client. */
static enum fault take_side(struct reading *reading, const struct capture_connection *connection,
			    size_t sends)
{
	const struct capture_side *side = &connection->sides[sends];
	struct capture_hellos *out = reading->out;
	struct capture_found found;
	struct span client = capture_flows_assemble(&reading->flows, side);
	if (!capture_search(&found, client))
		return FAULT_NONE;
	struct capture_hello *hellos =
		arena_grow(reading->arena, out->at, out->len, &out->cap, sizeof(*hellos));
	if (!hellos)
		return reading->arena->fault;
	out->at = hellos;
	struct span bytes = arena_copy(reading->arena,
				       span_of(client.at + found.start, found.end - found.start));
	if (reading->arena->fault != FAULT_NONE)
		return reading->arena->fault;
	hellos[out->len++] = (struct capture_hello){
		.bytes = bytes,
		.before = found.start,
		.whole = found.whole,
		.packet = capture_side_packet(side, found.start),
		.client = connection->ends[sends],
		.server = connection->ends[!sends],
	};
	return reading->arena->fault;
}

/* Whoever answers a SYN, or is sent one, is the server; without a SYN both are asked. */
static bool may_be_client(const struct capture_connection *connection, size_t sends)
{
	const struct capture_side *other = &connection->sides[!sends];
	return !connection->sides[sends].syn_ack && (!other->syn || other->syn_ack);
}

static enum fault take_hellos(struct reading *reading)
{
	enum fault fault = FAULT_NONE;
	const struct capture_connection *at = reading->flows.first;
	for (; at && fault == FAULT_NONE; at = at->later)
		for (size_t sends = 0; sends < 2 && fault == FAULT_NONE; sends++)
			if (may_be_client(at, sends))
				fault = take_side(reading, at, sends);
	reading->out->connections = reading->flows.connections;
	return fault;
}

static enum fault refuse(struct wire_error *error, enum fault fault)
{
	*error = (struct wire_error){ .field = "capture", .what = "needs too much memory" };
	return fault;
}

enum fault capture_read(struct capture_hellos *out, struct span file, uint64_t seed,
			struct arena *arena, struct wire_error *error)
{
	struct reading reading = { .out = out, .arena = arena };
	struct capture_file in;
	struct capture_packet packet;
	bool found = true;
	*out = (struct capture_hellos){ .at = NULL };
	enum fault fault = capture_file_open(&in, file, arena, error);
	if (fault != FAULT_NONE)
		return fault;
	if (capture_flows_init(&reading.flows, file.len, seed, arena) != FAULT_NONE)
		return refuse(error, arena->fault);
	while (fault == FAULT_NONE && found) {
		fault = capture_file_next(&packet, &found, &in, error);
		if (found && take_packet(&reading, &packet) != FAULT_NONE)
			return refuse(error, arena->fault);
	}
	/* What came before the place where the file is wrong is as good as it would be without. */
	enum fault hellos = take_hellos(&reading);
	return hellos == FAULT_NONE ? fault : refuse(error, hellos);
}
