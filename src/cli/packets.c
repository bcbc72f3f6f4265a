/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/packets.h"

struct pcap_endpoint packets_server(const struct address *address)
{
	struct pcap_endpoint out = { 0 };
	if (address->any.sa_family == AF_INET6) {
		out.address_len = 16;
		memcpy(out.address, &address->v6.sin6_addr, 16);
		out.port = ntohs(address->v6.sin6_port);
	} else {
		out.address_len = 4;
		memcpy(out.address, &address->v4.sin_addr, 4);
		out.port = ntohs(address->v4.sin_port);
	}
	return out;
}

struct pcap_endpoint packets_client(const struct pcap_endpoint *server, uint32_t n)
{
	struct pcap_endpoint out = { .address_len = server->address_len };
	if (server->address_len == 4)
		memcpy(out.address, "\x7F\x00\x00\x01", 4);
	else
		out.address[15] = 1;
	out.port = pcapng_client_port(n);
	return out;
}
