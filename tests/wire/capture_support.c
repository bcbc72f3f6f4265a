/* SPDX-License-Identifier: Apache-2.0 */
#include "capture_support.h"

#include "base/builder.h"

#include <criterion/criterion.h>

static void put(struct made *made, const void *bytes, size_t len)
{
	cr_assert_leq(len, sizeof(made->bytes) - made->len);
	if (len)
		memcpy(made->bytes + made->len, bytes, len);
	made->len += len;
}

static void put_number(struct made *made, uint32_t value, unsigned width)
{
	for (unsigned i = 0; i < width; i++) {
		unsigned shift = 8 * (made->little ? i : width - 1 - i);
		put(made, &(uint8_t){ (uint8_t)(value >> shift) }, 1);
	}
}

static size_t begin_block(struct made *made, uint32_t type)
{
	size_t start = made->len;
	put_number(made, type, 4);
	put_number(made, 0, 4);
	return start;
}

static void end_block(struct made *made, size_t start)
{
	put(made, "\0\0\0", (4 - made->len % 4) % 4);
	put_number(made, (uint32_t)(made->len + 4 - start), 4);
	memcpy(made->bytes + start + 4, made->bytes + made->len - 4, 4);
}

void made_section(struct made *made, bool little)
{
	made->little = little;
	size_t start = begin_block(made, 0x0A0D0D0A);
	put_number(made, 0x1A2B3C4D, 4);
	put_number(made, 1, 2);
	put_number(made, 0, 2);
	put(made, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 8);
	end_block(made, start);
}

void made_interface(struct made *made, uint16_t link, uint32_t snap_len)
{
	size_t start = begin_block(made, 1);
	put_number(made, link, 2);
	put_number(made, 0, 2);
	put_number(made, snap_len, 4);
	end_block(made, start);
}

void made_block(struct made *made, uint32_t type, struct span body)
{
	size_t start = begin_block(made, type);
	put(made, body.at, body.len);
	end_block(made, start);
}

void made_init(struct made *made, enum made_form form, bool little, uint32_t link)
{
	*made = (struct made){ .form = form, .little = little };
	if (form >= MADE_PCAPNG) {
		made_section(made, little);
		made_interface(made, (uint16_t)link, 0);
		return;
	}
	put_number(made, form == MADE_PCAP ? 0xA1B2C3D4 : 0xA1B23C4D, 4);
	put_number(made, 2, 2);
	put_number(made, 4, 2);
	put_number(made, 0, 4);
	put_number(made, 0, 4);
	put_number(made, 262144, 4);
	put_number(made, link, 4);
}

void made_packet(struct made *made, uint32_t interface, struct span packet)
{
	static const uint32_t types[] = { 0, 0, 6, 3, 2 };
	uint32_t len = (uint32_t)packet.len;
	bool simple = made->form == MADE_PCAPNG_SIMPLE;
	size_t start = made->form >= MADE_PCAPNG ? begin_block(made, types[made->form]) : 0;
	if (made->form == MADE_PCAPNG)
		put_number(made, interface, 4);
	if (made->form == MADE_PCAPNG_OLD) {
		put_number(made, interface, 2);
		put_number(made, 0xFFFF, 2); /* lost ones: nobody counted */
	}
	if (!simple)
		put(made, "\0\0\0\1\0\0\0\1", 8);
	put_number(made, len, 4);
	if (!simple)
		put_number(made, len, 4);
	put(made, packet.at, packet.len);
	if (made->form >= MADE_PCAPNG)
		end_block(made, start);
}

static void put_ip(struct builder *b, const struct made_segment *segment, size_t payload)
{
	static const uint8_t net[] = { 0x20, 1, 0x0D, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t net4[] = { 10, 0, 0 };
	struct span shared = segment->v6 ? span_of(net, 15) : span_of(net4, 3);
	size_t extra = segment->extra.len;
	uint16_t len = (uint16_t)(segment->no_length ? 0 : payload + extra);
	if (segment->v6) {
		builder_u32(b, "version", 0x60000000);
		builder_u16(b, "length", len);
		builder_u8(b, "next", extra ? segment->next : 6);
		builder_u8(b, "hops", 64);
	} else {
		builder_u8(b, "version", (uint8_t)(0x45 + extra / 4));
		builder_u8(b, "service", 0);
		builder_u16(b, "length", (uint16_t)(segment->no_length ? 0 : len + 20));
		builder_u16(b, "id", 1);
		builder_u16(b, "fragment", segment->fragment);
		builder_u32(b, "ttl_protocol_checksum", 0x40060000);
	}
	builder_bytes(b, "net", shared);
	builder_u8(b, "host", segment->back ? 2 : 1);
	builder_bytes(b, "net", shared);
	builder_u8(b, "host", segment->back ? 1 : 2);
	builder_bytes(b, "extra", segment->extra);
}

void made_segment(struct made *made, const struct made_segment *segment)
{
	static uint8_t packet[32768];
	struct builder b;
	uint16_t port = segment->port ? segment->port : 40000;
	builder_init(&b, packet, sizeof(packet), NULL, 0);
	builder_bytes(&b, "link", segment->link);
	put_ip(&b, segment, 24 + segment->payload.len);
	builder_u16(&b, "from", segment->back ? 443 : port);
	builder_u16(&b, "to", segment->back ? port : 443);
	builder_u32(&b, "sequence", segment->sequence);
	builder_u32(&b, "acknowledgement", 0);
	builder_u8(&b, "offset", 0x60);
	builder_u8(&b, "flags", segment->flags);
	builder_u32(&b, "window_checksum", 0xFFFF0000);
	builder_u16(&b, "urgent", 0);
	builder_u32(&b, "options", 0x01010101);
	builder_bytes(&b, "payload", segment->payload);
	for (size_t i = 0; i < segment->padding; i++)
		builder_u8(&b, "padding", 0xEE);
	cr_assert_eq(builder_fault(&b), FAULT_NONE);
	made_packet(made, 0, span_of(packet, b.len - segment->cut));
}

struct span made_view(const struct made *made)
{
	return span_of(made->bytes, made->len);
}
