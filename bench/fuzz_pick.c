/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks an endpoint the probes that `tlsgauge fuzz` generates, and picks those that it answers in
 * one way, so that the tool and a bare client can be given the same ones.
 *
 * fuzz_pick NUMBER alert|server_hello DIR HELLO-FILE OPTION... TARGET
 *
 * `alert` picks broken hellos that the endpoint rejects with one, `server_hello` well-formed ones
 * that it takes. Options and TARGET are those of `tlsgauge fuzz`. DIR gets an empty file for each,
 * named as in its --corpus; HELLO-FILE the bytes, framed as bare_client reads them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <uv.h>

#include "cli/fuzz.h"

#define BATCH	  64
#define TRIES_MAX 1000000

struct picker {
	struct fuzz fuzz;
	const char *directory;
	FILE *hellos;
	size_t wanted, picked;
	enum outcome outcome;
	enum reading_kind kind;
	struct probe_index indices[BATCH];
	struct fuzz_probe probes[BATCH];
	uint8_t bytes[BATCH][GENERATED_MAX];
	size_t len;
};

/* What goes out in one write, after which the server has all that it waits for. */
static bool is_plain(const struct picker *picker, const struct fuzz_probe *probe)
{
	struct probe raw;
	fuzz_raw(&picker->fuzz, probe, &raw);
	return probe->reading.kind == picker->kind && probe->bytes.len && !raw.raw.cut &&
	       !raw.raw.shut;
}

static void generate(struct picker *picker, uint32_t root)
{
	struct fuzz *fuzz = &picker->fuzz;
	struct probe_index index = { .root = root };
	uint8_t *bytes = picker->bytes[picker->len];
	struct fuzz_probe probe = fuzz_make(fuzz, &index, bytes);
	fuzz_read(fuzz, &probe, &fuzz->scratch);
	if (!is_plain(picker, &probe))
		return;
	picker->indices[picker->len] = index;
	picker->probes[picker->len++] = probe;
}

static bool keep(struct picker *picker, size_t which)
{
	struct span bytes = picker->probes[which].bytes;
	const uint8_t frame[] = { (uint8_t)(bytes.len >> 8), (uint8_t)bytes.len };
	struct text path;
	text_init(&path);
	text_printf(&path, "%s/%llu-", picker->directory,
		    (unsigned long long)picker->fuzz.generator.seed);
	probe_index_put(&path, &picker->indices[which]);
	text_put(&path, ".bin");
	FILE *file = fopen(text_view(&path), "wb");
	text_release(&path);
	picker->picked++;
	return file && fclose(file) == 0 && fwrite(frame, sizeof(frame), 1, picker->hellos) == 1 &&
	       fwrite(bytes.at, bytes.len, 1, picker->hellos) == 1;
}

static bool ask(struct picker *picker)
{
	struct fuzz *fuzz = &picker->fuzz;
	bool good = fuzz_ask(fuzz, &fuzz->address, picker->probes, picker->len) == FAULT_NONE;
	for (size_t i = 0; good && i < picker->len && picker->picked < picker->wanted; i++)
		if (picker->probes[i].seen.outcome == picker->outcome)
			good = keep(picker, i);
	picker->len = 0;
	arena_clear(&fuzz->scratch);
	return good;
}

static bool pick(struct picker *picker)
{
	for (uint32_t root = 0; root < TRIES_MAX && picker->picked < picker->wanted; root++) {
		generate(picker, root);
		if (picker->len == BATCH && !ask(picker))
			return false;
	}
	return picker->picked == picker->wanted;
}

static int run(struct picker *picker, const char *path)
{
	struct fuzz *fuzz = &picker->fuzz;
	int status = fuzz_setup(fuzz);
	if (status == STATUS_PASS)
		status = fuzz_controls(fuzz);
	if (status != STATUS_PASS)
		return status;
	mkdir(picker->directory, 0777);
	picker->hellos = fopen(path, "wb");
	bool good = picker->hellos && pick(picker);
	if (picker->hellos)
		good = fclose(picker->hellos) == 0 && good;
	printf("picked=%zu asked=%llu\n", picker->picked,
	       (unsigned long long)fuzz->counts.asked_again);
	return good ? STATUS_PASS : STATUS_FAULT;
}

int main(int argc, char **argv)
{
	struct fuzz_options options;
	if (argc < 6) {
		fprintf(stderr, "usage: fuzz_pick NUMBER alert|server_hello DIR HELLO-FILE "
				"OPTION... TARGET\n");
		return STATUS_USAGE;
	}
	struct picker *picker = calloc(1, sizeof(*picker));
	int status = picker ? fuzz_options_parse(&options, argc - 4, argv + 4) : STATUS_FAULT;
	if (status != STATUS_PASS)
		return status;
	bool takes = strcmp(argv[2], "server_hello") == 0;
	picker->wanted = strtoul(argv[1], NULL, 10);
	picker->outcome = takes ? OUTCOME_SERVER_HELLO : OUTCOME_ALERT;
	picker->kind = takes ? READING_HELLO : READING_BROKEN;
	picker->directory = argv[3];
	picker->fuzz.options = &options;
	picker->fuzz.started_us = uv_hrtime() / 1000;
	if (fuzz_signals_begin(&picker->fuzz.signals) != FAULT_NONE)
		return STATUS_FAULT;
	status = run(picker, argv[4]);
	fuzz_signals_end(&picker->fuzz.signals);
	fuzz_release(&picker->fuzz);
	free(picker);
	return status;
}
