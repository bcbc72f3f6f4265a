/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "unseen.h"

UNSEEN_BEGIN

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* What every engine that has libFuzzer's interface calls once, before the first input. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	harness_warm_up();
	return 0;
}

UNSEEN_END
