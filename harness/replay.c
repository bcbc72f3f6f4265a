/* SPDX-License-Identifier: Apache-2.0 */
#include "replay.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "harness.h"

static size_t files;

static int replay(const char *path, const struct stat *info, int kind, struct FTW *place)
{
	(void)place;
	if (kind != FTW_F)
		return 0;
	size_t len = (size_t)info->st_size;
	/* A copy of the exact size, so that a read past the end is seen. */
	uint8_t *bytes = malloc(len ? len : 1);
	FILE *file = fopen(path, "rb");
	if (!bytes || !file || fread(bytes, 1, len, file) != len) {
		fprintf(stderr, "replay: cannot read '%s'\n", path);
		exit(2);
	}
	fclose(file);
	LLVMFuzzerTestOneInput(bytes, len);
	free(bytes);
	files++;
	return 0;
}

int replay_paths(int count, char **paths)
{
	for (int i = 0; i < count; i++) {
		if (nftw(paths[i], replay, 16, FTW_PHYS)) {
			fprintf(stderr, "replay: cannot walk '%s'\n", paths[i]);
			return 2;
		}
	}
	printf("%zu files replayed\n", files);
	return files ? 0 : 2;
}
