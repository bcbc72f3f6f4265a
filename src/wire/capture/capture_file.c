/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture_file.h"

#include "base/limits.h"
#include "wire/capture/capture.h"

#define PCAP_MICROSECONDS 0xA1B2C3D4
#define PCAP_NANOSECONDS  0xA1B23C4D
#define PCAP_VERSION	  2
#define PCAPNG_BYTE_ORDER 0x1A2B3C4D
#define PCAPNG_VERSION	  1

#define BLOCK_SECTION	  0x0A0D0D0A /* the same from both ends */
#define BLOCK_INTERFACE	  1
#define BLOCK_OLD_PACKET  2
#define BLOCK_SIMPLE	  3
#define BLOCK_PACKET	  6
#define BLOCK_MIN	  12

/* The upper half of the word may say how long the check sequence of a frame is. */
#define LINK_MASK	  0xFFFF

static uint32_t turned(uint32_t value)
{
	return value >> 24 | (value >> 8 & 0xFF00) | (value << 8 & 0xFF0000) | value << 24;
}

static uint32_t u32(const struct capture_file *file, struct cursor *in)
{
	uint32_t value = cursor_u32(in);
	return file->little_endian ? turned(value) : value;
}

static uint16_t u16(const struct capture_file *file, struct cursor *in)
{
	uint16_t value = cursor_u16(in);
	return file->little_endian ? (uint16_t)(value >> 8 | value << 8) : value;
}

bool capture_is(struct span file)
{
	struct cursor in = cursor_over(file);
	uint32_t magic = cursor_u32(&in);
	return magic == PCAP_MICROSECONDS || magic == PCAP_NANOSECONDS ||
	       magic == turned(PCAP_MICROSECONDS) || magic == turned(PCAP_NANOSECONDS) ||
	       magic == BLOCK_SECTION;
}

/* Nothing comes after a failure: the cursor stands at its end. */
static enum fault stop(struct capture_file *file, struct wire_error *error, size_t offset,
		       const char *field, const char *what, enum fault fault)
{
	*error = (struct wire_error){
		.base = file->in.base, .offset = offset, .field = field, .what = what
	};
	file->in.at = file->in.len;
	return fault;
}

static enum fault add_interface(struct capture_file *file, struct capture_interface interface,
				struct wire_error *error)
{
	struct capture_interface *grown =
		arena_grow(file->arena, file->interfaces, file->interfaces_len,
			   &file->interfaces_cap, sizeof(*grown));
	if (!grown)
		return stop(file, error, file->in.at, "capture", "needs too much memory",
			    file->arena->fault);
	file->interfaces = grown;
	file->interfaces[file->interfaces_len++] = interface;
	return FAULT_NONE;
}

static enum fault open_pcap(struct capture_file *file, struct wire_error *error)
{
	struct cursor *in = &file->in;
	uint32_t magic = cursor_u32(in);
	file->little_endian = magic != PCAP_MICROSECONDS && magic != PCAP_NANOSECONDS;
	uint16_t version = u16(file, in);
	cursor_take(in, 10); /* the minor version, the time zone and its accuracy */
	struct capture_interface interface = { .snap_len = u32(file, in) };
	interface.link = u32(file, in) & LINK_MASK;
	if (!cursor_ok(in))
		return stop(file, error, in->len, "header", "ends before it is complete",
			    FAULT_TRUNCATED);
	if (version != PCAP_VERSION)
		return stop(file, error, 4, "header", "is of a version of pcap other than 2",
			    FAULT_MALFORMED);
	return add_interface(file, interface, error);
}

enum fault capture_file_open(struct capture_file *file, struct span bytes, struct arena *arena,
			     struct wire_error *error)
{
	*file = (struct capture_file){ .in = cursor_over(bytes), .arena = arena };
	struct cursor ahead = file->in;
	if (!capture_is(bytes))
		return stop(file, error, 0, "header", "is none of pcap or pcapng", FAULT_MALFORMED);
	if (cursor_u32(&ahead) != BLOCK_SECTION)
		return open_pcap(file, error);
	file->form = CAPTURE_PCAPNG;
	return FAULT_NONE;
}

static enum fault next_of_pcap(struct capture_packet *out, struct capture_file *file,
			       struct wire_error *error)
{
	struct cursor *in = &file->in;
	size_t offset = in->at;
	cursor_take(in, 8); /* the time */
	uint32_t len = u32(file, in);
	cursor_take(in, 4);
	if (cursor_ok(in) && len > CAPTURE_PACKET_MAX)
		return stop(file, error, offset, "packet", "claims to have more than 262144 bytes",
			    FAULT_MALFORMED);
	*out = (struct capture_packet){ file->interfaces[0].link, cursor_take(in, len) };
	if (!cursor_ok(in))
		return stop(file, error, offset, "packet", "ends before it is complete",
			    FAULT_TRUNCATED);
	return FAULT_NONE;
}

struct block {
	size_t offset;
	uint32_t type;
	struct cursor body;
};

/* The bytes of a section's first block say in which order those of its numbers are. */
static bool take_byte_order(struct capture_file *file, struct cursor body)
{
	uint32_t order = cursor_u32(&body);
	file->little_endian = order == turned(PCAPNG_BYTE_ORDER);
	return file->little_endian || order == PCAPNG_BYTE_ORDER;
}

static enum fault next_block(struct block *out, struct capture_file *file, struct wire_error *error)
{
	struct cursor *in = &file->in, rest = file->in;
	*out = (struct block){ .offset = in->at };
	if (cursor_left(in) < BLOCK_MIN)
		return stop(file, error, out->offset, "block", "ends before it is complete",
			    FAULT_TRUNCATED);
	out->type = u32(file, in);
	cursor_take(&rest, 8);
	if (out->type == BLOCK_SECTION && !take_byte_order(file, rest))
		return stop(file, error, out->offset + 8, "section",
			    "has a byte-order magic that is none", FAULT_MALFORMED);
	uint32_t len = u32(file, in);
	if (len < BLOCK_MIN || len % 4 != 0)
		return stop(file, error, out->offset + 4, "block",
			    "has a length that none can have", FAULT_MALFORMED);
	struct span body = cursor_take(in, len - BLOCK_MIN);
	uint32_t again = u32(file, in);
	if (!cursor_ok(in))
		return stop(file, error, out->offset, "block",
			    "is longer than what is left of the "
			    "file",
			    FAULT_TRUNCATED);
	if (again != len)
		return stop(file, error, in->at - 4, "block",
			    "has another length at its end than at its start", FAULT_MALFORMED);
	out->body = cursor_over(body);
	return FAULT_NONE;
}

static enum fault take_section(struct capture_file *file, struct block *block,
			       struct wire_error *error)
{
	cursor_u32(&block->body);
	uint16_t version = u16(file, &block->body);
	file->interfaces_len = 0;
	if (cursor_ok(&block->body) && version == PCAPNG_VERSION)
		return FAULT_NONE;
	return stop(file, error, block->offset, "section", "is of a version of pcapng other than 1",
		    FAULT_MALFORMED);
}

static enum fault take_interface(struct capture_file *file, struct block *block,
				 struct wire_error *error)
{
	struct capture_interface interface = { .link = u16(file, &block->body) };
	cursor_u16(&block->body);
	interface.snap_len = u32(file, &block->body);
	if (!cursor_ok(&block->body))
		return stop(file, error, block->offset, "interface", "ends before it is complete",
			    FAULT_MALFORMED);
	return add_interface(file, interface, error);
}

static bool is_packet(const struct block *block)
{
	return block->type == BLOCK_PACKET || block->type == BLOCK_SIMPLE ||
	       block->type == BLOCK_OLD_PACKET;
}

static enum fault take_packet(struct capture_packet *out, struct capture_file *file,
			      struct block *block, struct wire_error *error)
{
	struct cursor *body = &block->body;
	bool simple = block->type == BLOCK_SIMPLE;
	uint32_t interface = 0;
	if (block->type == BLOCK_PACKET)
		interface = u32(file, body);
	else if (!simple)
		interface = u16(file, body);
	/* The number of packets that were lost, in the old block, and the time. */
	cursor_take(body, simple ? 0 : block->type == BLOCK_PACKET ? 8 : 10);
	uint32_t len = u32(file, body);
	cursor_take(body, simple ? 0 : 4);
	if (interface >= file->interfaces_len)
		return stop(file, error, block->offset, "packet",
			    "is of an interface that its section does not have", FAULT_MALFORMED);
	const struct capture_interface *from = &file->interfaces[interface];
	if (simple && from->snap_len && len > from->snap_len)
		len = from->snap_len;
	*out = (struct capture_packet){ from->link, cursor_take(body, len) };
	if (!cursor_ok(body))
		return stop(file, error, block->offset, "packet", "is longer than its block",
			    FAULT_MALFORMED);
	return FAULT_NONE;
}

static enum fault next_of_pcapng(struct capture_packet *out, bool *found, struct capture_file *file,
				 struct wire_error *error)
{
	struct block block = { .type = BLOCK_SECTION };
	enum fault fault = FAULT_NONE;
	while (fault == FAULT_NONE && !is_packet(&block) && cursor_left(&file->in) > 0) {
		fault = next_block(&block, file, error);
		if (fault != FAULT_NONE)
			break;
		if (block.type == BLOCK_SECTION)
			fault = take_section(file, &block, error);
		else if (block.type == BLOCK_INTERFACE)
			fault = take_interface(file, &block, error);
	}
	*found = fault == FAULT_NONE && is_packet(&block);
	return *found ? take_packet(out, file, &block, error) : fault;
}

enum fault capture_file_next(struct capture_packet *out, bool *found, struct capture_file *file,
			     struct wire_error *error)
{
	*found = cursor_left(&file->in) > 0;
	if (!*found)
		return FAULT_NONE;
	enum fault fault = file->form == CAPTURE_PCAP ? next_of_pcap(out, file, error)
						      : next_of_pcapng(out, found, file, error);
	*found = *found && fault == FAULT_NONE;
	return fault;
}
