/* meter.h - counts inputs where a campaign reads it while we run, and when we were killed. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef HARNESS_METER_H
#define HARNESS_METER_H

/* meter_count adds one to the number in the file that the environment's TLSGAUGE_METER names:
 * eight bytes, in the machine's order. Without such a file it counts for nobody. */
void meter_count(void);

#endif
