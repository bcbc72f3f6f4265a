/* fuzz_keep.h - a finding as files to commit: the case, the bytes, the packets. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CLI_FUZZ_KEEP_H
#define CLI_FUZZ_KEEP_H

#include "live/stanza.h"
#include "report/pcapng.h"

/*
 * What was sent in one connection and what came back; `end` is how it ended. `stanza` says what the
 * case is called and what it expects, and `found` what happened instead: the comment of the
 * capture. `server` is NULL where there is no address: then it is 127.0.0.1, port 443.
 */
struct fuzz_kept {
	const struct stanza *stanza;
	const char *found;
	struct span sent, received;
	const struct pcap_endpoint *server;
	uint64_t opened_us, closed_us; /* since 1970 */
	enum pcap_end end;
};

/*
 * fuzz_keep writes NAME.bin, NAME.pcapng and NAME.case into the directory, which is made if it is
 * missing; NAME is the stanza's, and made of letters, digits, '.', '-' and '_'. Each appears whole,
 * in the place of an older one, and the case last: what has a case has all three. STATUS_PASS, or
 * one sentence and STATUS_FAULT; then none of the three that it began is left.
 */
int fuzz_keep(const char *who, const char *directory, const struct fuzz_kept *kept);

#endif
