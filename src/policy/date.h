/* date.h - days of the calendar, for rules that hold from or until one. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef POLICY_DATE_H
#define POLICY_DATE_H

#include "base/fault.h"
#include "base/span.h"

/* Calendar days since 1970-01-01; DATE_NONE where a rule has no bound. */
typedef int32_t date;
#define DATE_NONE INT32_MIN

/* date_parse reads YYYY-MM-DD; MALFORMED for anything that is no day of the calendar. */
MUST_USE enum fault date_parse(date *out, struct span text);

/* date_print writes YYYY-MM-DD and a terminator into 11 bytes; the year is within 0000 and 9999. */
void date_print(char out[11], date day);

#endif
