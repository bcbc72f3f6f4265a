/* packets.h - the two ends of a connection, for captures of packets that were never seen. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_PACKETS_H
#define CLI_PACKETS_H

#include "report/pcapng.h"
#include "transport/resolve.h"

/* packets_server is the end at an address. */
struct pcap_endpoint packets_server(const struct address *address);

/* packets_client is the other end of the n-th connection to it: 127.0.0.1 or ::1, for which address
 * of ours the kernel chose is not known, and not needed. */
struct pcap_endpoint packets_client(const struct pcap_endpoint *server, uint32_t n);

#endif
