/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our engine with one probe over and over: what a connection costs beside bench/bare_client.
 *
 * bench_engine PORT SUITE CONNECTIONS CONCURRENCY [HELLO-FILE]
 *
 * SUITE is a code in hexadecimal. With HELLO-FILE, the hello is written there for the bare client.
 */
#include "engine/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

struct bench {
	struct probe probe;
	unsigned long asked, connections;
	unsigned long outcomes[OUTCOME_UNREACHABLE + 1];
};

static enum prover_step next(void *context, struct probe *out)
{
	struct bench *bench = context;
	if (bench->asked == bench->connections)
		return PROVER_DONE;
	*out = bench->probe;
	out->id = (uint32_t)++bench->asked;
	return PROVER_PROBE;
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	struct bench *bench = context;
	(void)probe;
	bench->outcomes[observation->outcome]++;
}

static double cpu_seconds(void)
{
	struct rusage u;
	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static int write_hello(const struct probe *probe, const char *path)
{
	uint8_t bytes[PROBE_HELLO_MAX];
	struct builder b;
	builder_init(&b, bytes, sizeof(bytes), NULL, 0);
	probe_encode(&b, probe, NULL);
	FILE *file = fopen(path, "wb");
	if (!file)
		return 2;
	fwrite(b.at, 1, b.len, file);
	return fclose(file) == 0 ? 0 : 2;
}

static int run(struct bench *bench, const struct engine_options *options)
{
	struct arena keep;
	struct engine_result result;
	struct engine_source source = { .context = bench, .next = next, .deliver = deliver };
	arena_init(&keep, RUN_ARENA_MAX);
	if (engine_drive(&result, &source, &keep, options) != FAULT_NONE)
		return 4;
	double n = (double)bench->connections;
	printf("engine connections=%lu rate=%.0f cpu_us=%.1f hellos=%lu alerts=%lu others=%lu\n",
	       bench->connections, n * 1e6 / (double)result.duration_us, cpu_seconds() * 1e6 / n,
	       bench->outcomes[OUTCOME_SERVER_HELLO], bench->outcomes[OUTCOME_ALERT],
	       bench->connections - bench->outcomes[OUTCOME_SERVER_HELLO] -
		       bench->outcomes[OUTCOME_ALERT]);
	arena_release(&keep);
	return 0;
}

int main(int argc, char **argv)
{
	static const struct shape shape;
	static struct bench bench;
	if (argc < 5) {
		fprintf(stderr, "usage: bench_engine PORT SUITE CONNECTIONS CONCURRENCY [FILE]\n");
		return 2;
	}
	bench.connections = strtoul(argv[3], NULL, 10);
	bench.probe = (struct probe){
		.version = TLS1_2,
		.suites = { (uint32_t)strtoul(argv[2], NULL, 16) },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text("tls")),
	};
	if (argc > 5)
		return write_hello(&bench.probe, argv[5]);
	struct addresses addresses;
	struct engine_options options = { .concurrency = (unsigned)strtoul(argv[4], NULL, 10) };
	char why[160];
	if (resolve_host(&addresses, "127.0.0.1", (uint16_t)strtoul(argv[1], NULL, 10), NULL, 1000,
			 why, sizeof(why)) != FAULT_NONE)
		return 3;
	options.address = addresses.items[0];
	return run(&bench, &options);
}
