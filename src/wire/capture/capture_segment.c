/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/capture/capture_segment.h"

#include "base/cursor.h"

#define LINK_NULL	 0
#define LINK_ETHERNET	 1
#define LINK_RAW_BSD	 12
#define LINK_RAW_OPENBSD 14
#define LINK_RAW	 101
#define LINK_LOOP	 108
#define LINK_COOKED	 113
#define LINK_IPV4	 228
#define LINK_IPV6	 229
#define LINK_COOKED2	 276

#define ETHERTYPE_IPV4	 0x0800
#define ETHERTYPE_IPV6	 0x86DD
#define ETHERTYPE_TAG	 0x8100 /* 802.1Q */
#define ETHERTYPE_QINQ	 0x88A8 /* 802.1ad */
#define ETHERTYPE_OLD	 0x9100 /* what came before 802.1ad */

#define IP_TCP		 6
#define IPV4_HEADER	 20
#define IPV4_FRAGMENT	 0x3FFF /* more of them follow, or an offset */
#define IPV6_HOP_BY_HOP	 0
#define IPV6_ROUTING	 43
#define IPV6_FRAGMENT	 44
#define IPV6_AH		 51
#define IPV6_DESTINATION 60
#define TCP_HEADER	 20
#define TCP_SYN		 0x02
#define TCP_ACK		 0x10

/* Passes over the tags behind which the type stands. */
static bool is_ip_behind(struct cursor *in, uint16_t type)
{
	while (cursor_ok(in) &&
	       (type == ETHERTYPE_TAG || type == ETHERTYPE_QINQ || type == ETHERTYPE_OLD)) {
		cursor_u16(in);
		type = cursor_u16(in);
	}
	return type == ETHERTYPE_IPV4 || type == ETHERTYPE_IPV6;
}

/* The family is a number of the capturing system's, in its order of bytes; those of IPv6 differ. */
static bool is_ip_family(uint32_t family)
{
	if (family > 0xFFFF)
		family = family >> 24 | (family >> 8 & 0xFF00);
	return family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
}

static enum capture_kind take_link(struct cursor *in, uint32_t link)
{
	bool ip = true;
	uint16_t type;
	switch (link) {
	case LINK_NULL:
	case LINK_LOOP:
		ip = is_ip_family(cursor_u32(in));
		break;
	case LINK_ETHERNET:
		cursor_take(in, 12);
		ip = is_ip_behind(in, cursor_u16(in));
		break;
	case LINK_COOKED:
		cursor_take(in, 14);
		ip = is_ip_behind(in, cursor_u16(in));
		break;
	case LINK_COOKED2:
		type = cursor_u16(in);
		cursor_take(in, 18);
		ip = is_ip_behind(in, type);
		break;
	case LINK_RAW:
	case LINK_RAW_BSD:
	case LINK_RAW_OPENBSD:
	case LINK_IPV4:
	case LINK_IPV6:
		break;
	default:
		return CAPTURE_UNREAD;
	}
	return ip && cursor_left(in) > 0 ? CAPTURE_TCP : CAPTURE_OTHER;
}

static void take_address(struct capture_endpoint *out, struct cursor *in, uint8_t len)
{
	struct span address = cursor_take(in, len);
	*out = (struct capture_endpoint){ .address_len = len };
	if (address.len)
		memcpy(out->address, address.at, address.len);
}

/* A length of 0 is written where the network card cuts the packet up, after it was captured. */
static void cut(struct cursor *in, size_t len)
{
	if (len && len < cursor_left(in))
		in->len = in->at + len;
}

static enum capture_kind take_tcp(struct capture_segment *out, struct cursor in)
{
	size_t start = in.at;
	out->from.port = cursor_u16(&in);
	out->to.port = cursor_u16(&in);
	out->sequence = cursor_u32(&in);
	cursor_u32(&in);
	size_t header = (size_t)(cursor_u8(&in) >> 4) * 4;
	uint8_t flags = cursor_u8(&in);
	cursor_take(&in, TCP_HEADER - (in.at - start));
	if (header < TCP_HEADER)
		cursor_fail(&in);
	cursor_take(&in, header - TCP_HEADER);
	out->syn = flags & TCP_SYN;
	out->ack = flags & TCP_ACK;
	if (!cursor_ok(&in))
		return CAPTURE_OTHER;
	out->payload = cursor_rest(&in);
	return CAPTURE_TCP;
}

static enum capture_kind take_ipv4(struct capture_segment *out, struct cursor in)
{
	size_t header = (size_t)(cursor_u8(&in) & 15) * 4;
	cursor_u8(&in);
	size_t total = cursor_u16(&in);
	cursor_u16(&in);
	uint16_t fragment = cursor_u16(&in);
	cursor_u8(&in);
	uint8_t protocol = cursor_u8(&in);
	cursor_u16(&in);
	take_address(&out->from, &in, 4);
	take_address(&out->to, &in, 4);
	if (header < IPV4_HEADER || (total && total <= header))
		cursor_fail(&in);
	cursor_take(&in, header - IPV4_HEADER);
	if (!cursor_ok(&in) || protocol != IP_TCP)
		return CAPTURE_OTHER;
	if (fragment & IPV4_FRAGMENT)
		return CAPTURE_FRAGMENT;
	cut(&in, total ? total - header : 0);
	return take_tcp(out, in);
}

/* RFC 8200 4.1 to 4.6, and RFC 4302 2.2 for the header that counts in words of four bytes. */
static enum capture_kind take_extensions(struct capture_segment *out, struct cursor in,
					 uint8_t next)
{
	while (next == IPV6_HOP_BY_HOP || next == IPV6_ROUTING || next == IPV6_FRAGMENT ||
	       next == IPV6_AH || next == IPV6_DESTINATION) {
		uint8_t header = next;
		next = cursor_u8(&in);
		size_t len = cursor_u8(&in);
		if (header == IPV6_FRAGMENT) {
			/* Neither offset nor more to come: a fragment that is the whole packet. */
			bool whole = (cursor_u16(&in) & 0xFFF9) == 0;
			cursor_u32(&in);
			if (cursor_ok(&in) && !whole)
				return next == IP_TCP ? CAPTURE_FRAGMENT : CAPTURE_OTHER;
		} else {
			cursor_take(&in, header == IPV6_AH ? len * 4 + 6 : len * 8 + 6);
		}
		if (!cursor_ok(&in))
			return CAPTURE_OTHER;
	}
	return next == IP_TCP ? take_tcp(out, in) : CAPTURE_OTHER;
}

static enum capture_kind take_ipv6(struct capture_segment *out, struct cursor in)
{
	cursor_u32(&in);
	size_t len = cursor_u16(&in);
	uint8_t next = cursor_u8(&in);
	cursor_u8(&in);
	take_address(&out->from, &in, 16);
	take_address(&out->to, &in, 16);
	if (!cursor_ok(&in))
		return CAPTURE_OTHER;
	cut(&in, len);
	return take_extensions(out, in, next);
}

enum capture_kind capture_segment_read(struct capture_segment *out, uint32_t link,
				       struct span packet)
{
	struct cursor in = cursor_over(packet);
	enum capture_kind kind = take_link(&in, link);
	if (kind != CAPTURE_TCP)
		return kind;
	*out = (struct capture_segment){ .sequence = 0 };
	uint8_t version = in.base[in.at] >> 4;
	if (version == 4)
		return take_ipv4(out, in);
	return version == 6 ? take_ipv6(out, in) : CAPTURE_OTHER;
}
