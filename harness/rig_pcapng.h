/* rig_pcapng.h - conversations to write, and a reader of the files that they become. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_RIG_PCAPNG_H
#define HARNESS_RIG_PCAPNG_H

#include "harness.h"
#include "report/pcapng.h"

#define RIG_WRITES_MAX 8

struct rig_conversation {
	struct pcap_conversation conversation;
	struct pcap_write writes[RIG_WRITES_MAX];
	char comment[64];
	struct span secrets;
	size_t bytes_len; /* of all writes */
};

/* rig_conversation_init reads addresses, times, the end and the writes. */
void rig_conversation_init(struct rig_conversation *rig, struct cursor *in);

/* rig_pcapng_is_sound walks the blocks: lengths agree at both ends, packets are whole, times do not
 * run backwards, headers and checksums are right, and every byte of the conversation is there. */
void rig_pcapng_is_sound(struct span file, const struct rig_conversation *rig);

#endif
