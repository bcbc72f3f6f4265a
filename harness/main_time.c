/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "harness.h"

/* time_UNIT SECONDS FILE...: runs the harness over the files, again and again, for so many seconds
 * of processor time, and prints how often: what a harness costs without any engine. */

#define FILES_MAX 4096

static struct span files[FILES_MAX];

static struct span read_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	long len = file && fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
	/* A block of the exact size, so that a read past the end is seen. */
	uint8_t *bytes = len < 0 ? NULL : malloc(len ? (size_t)len : 1);
	if (!bytes || fseek(file, 0, SEEK_SET) ||
	    fread(bytes, 1, (size_t)len, file) != (size_t)len) {
		fprintf(stderr, "time: cannot read '%s'\n", path);
		exit(2);
	}
	fclose(file);
	return span_of(bytes, (size_t)len);
}

static double now(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

int main(int argc, char **argv)
{
	size_t len = argc > 2 ? (size_t)argc - 2 : 0, runs = 0;
	if (len == 0 || len > FILES_MAX) {
		fprintf(stderr, "usage: time_UNIT SECONDS FILE..., %d files at most\n", FILES_MAX);
		return 2;
	}
	for (size_t i = 0; i < len; i++)
		files[i] = read_file(argv[2 + i]);
	harness_warm_up();
	double begin = now(), seconds = strtod(argv[1], NULL);
	for (; now() - begin < seconds; runs += len) {
		for (size_t i = 0; i < len; i++)
			LLVMFuzzerTestOneInput(files[i].at, files[i].len);
	}
	printf("%zu executions in %.6f seconds\n", runs, now() - begin);
	return 0;
}
