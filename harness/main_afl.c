/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>
#include <unistd.h>

#include "harness.h"
#include "replay.h"
#include "unseen.h"

/* How many inputs one process looks at before AFL++ starts another. */
#define INPUTS_A_PROCESS 100000

__AFL_FUZZ_INIT();

UNSEEN_BEGIN

/* With paths it replays them; without, AFL++ hands inputs over in shared memory. */
int main(int argc, char **argv)
{
	if (argc > 1)
		return replay_paths(argc - 1, argv + 1);
	harness_warm_up();
	__AFL_INIT();
	const uint8_t *shared = __AFL_FUZZ_TESTCASE_BUF;
	while (__AFL_LOOP(INPUTS_A_PROCESS)) {
		size_t len = (size_t)__AFL_FUZZ_TESTCASE_LEN;
		/* A copy of the exact size, so that a read past the end is seen. */
		uint8_t *bytes = malloc(len ? len : 1);
		if (!bytes)
			return 2;
		memcpy(bytes, shared, len);
		LLVMFuzzerTestOneInput(bytes, len);
		free(bytes);
	}
	return 0;
}

UNSEEN_END
