/* due.h - which alert a rejection owes. More than one thing may be wrong with a hello, and no text
 * says what is looked at first. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_DUE_H
#define LIVE_DUE_H

#include "live/oracle.h"

/* alert_is_due says that the rejection is one that the demand, or anything else that is wrong with
 * the bytes, calls for. */
bool alert_is_due(const struct reading *reading, const struct demand *demand,
		  const struct observation *seen);

#endif
