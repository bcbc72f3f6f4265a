/* SPDX-License-Identifier: Apache-2.0 */
#include "harness.h"
#include "replay.h"

int main(int argc, char **argv)
{
	harness_thorough();
	return replay_paths(argc - 1, argv + 1);
}
