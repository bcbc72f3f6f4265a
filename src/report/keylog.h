/* keylog.h - secrets in the format of SSLKEYLOGFILE (RFC 9850), for Wireshark and its kin. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef REPORT_KEYLOG_H
#define REPORT_KEYLOG_H

#include "base/limits.h"
#include "base/text.h"

/*
 * keylog_line appends "LABEL RANDOM SECRET" and a line end, both in lower-case digits. `label` is
 * CLIENT_RANDOM with the master secret up to TLS 1.2, or one of TLS 1.3's, such as
 * SERVER_HANDSHAKE_TRAFFIC_SECRET. Faults latch in `out`.
 */
void keylog_line(struct text *out, const char *label, const uint8_t client_random[RANDOM_LEN],
		 struct span secret);

#endif
