/* Plants a bug in: pcapng_conversation. One of three writes ends a byte early. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "report/pcapng.h"

void __real_pcapng_conversation(struct text *out, const struct pcap_conversation *conversation);
void __wrap_pcapng_conversation(struct text *out, const struct pcap_conversation *conversation);

void __wrap_pcapng_conversation(struct text *out, const struct pcap_conversation *conversation)
{
	__real_pcapng_conversation(out, conversation);
	if (conversation->writes_len == 3 && out->len)
		out->len--;
}
