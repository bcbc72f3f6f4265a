/* SPDX-License-Identifier: Apache-2.0 */
#include "coverage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "harness.h"
#include "memory.h"
#include "unseen.h"

UNSEEN_BEGIN

/* libFuzzer's counters are a section of ours, AFL++'s are its own; neither is there in a replay. */
extern uint8_t __start___sancov_cntrs[] __attribute__((weak));
extern uint8_t __stop___sancov_cntrs[] __attribute__((weak));
/* AFL++'s runtime has these. A file that names them must be one of unseen.list, or it does not
 * link: AFL++'s compiler gives the code that it adds declarations of its own. */
extern uint8_t *harness_afl_area __asm__("__afl_area_ptr") __attribute__((weak));
extern uint32_t harness_afl_size __asm__("__afl_map_size") __attribute__((weak));

static uint8_t *kept[COVERAGE_USES_LEN];
static size_t kept_len;

static struct span counters(uint8_t **at)
{
	*at = __start___sancov_cntrs;
	if (*at)
		return span_of(*at, (size_t)(__stop___sancov_cntrs - __start___sancov_cntrs));
	if (!&harness_afl_area || !&harness_afl_size)
		return span_of(NULL, 0);
	*at = harness_afl_area;
	return span_of(*at, harness_afl_size);
}

void coverage_keep(enum coverage_use use)
{
	uint8_t *at;
	struct span now = counters(&at);
	if (!kept[use] && now.len) {
		memory_pause();
		kept_len = now.len;
		kept[use] = malloc(kept_len);
		memory_resume();
	}
	CHECK(!kept[use] || now.len == kept_len);
	if (kept[use])
		memcpy(kept[use], now.at, now.len);
}

void coverage_restore(enum coverage_use use)
{
	uint8_t *at;
	struct span now = counters(&at);
	if (kept[use])
		memcpy(at, kept[use], now.len);
}

UNSEEN_END
