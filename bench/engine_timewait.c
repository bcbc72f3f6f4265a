/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 60,000 probes at one loopback port: there are 28,232 ephemeral ports, so that a client which left
 * its connections in TIME_WAIT would slow down and then fail. Prints the rate of each 10,000 and
 * the sockets in TIME_WAIT; fails when the last 10,000 take more than twice as long as the first.
 *
 * bench_engine_timewait [PROBES]
 */
#include "engine/source.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 10000
#define KEPT  64

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Half of the connections are closed after the alert, as servers do; half are left to the client.
 */
static void serve(int listener)
{
	int kept[KEPT];
	size_t at = 0;
	for (size_t i = 0; i < KEPT; i++)
		kept[i] = -1;
	for (unsigned n = 0;; n++) {
		uint8_t hello[4096];
		int fd = accept(listener, NULL, NULL);
		if (fd < 0)
			continue;
		if (recv(fd, hello, sizeof(hello), 0) > 0)
			send(fd, "\x15\x03\x03\x00\x02\x02\x28", 7, MSG_NOSIGNAL);
		if (n % 2) {
			close(fd);
			continue;
		}
		if (kept[at] >= 0)
			close(kept[at]);
		kept[at] = fd;
		at = (at + 1) % KEPT;
	}
}

static uint16_t start_server(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(name);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&name, len) != 0 || listen(listener, 512) != 0 ||
	    getsockname(listener, (struct sockaddr *)&name, &len) != 0)
		exit(3);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		serve(listener);
	}
	close(listener);
	return ntohs(name.sin_port);
}

static unsigned long time_wait(void)
{
	char line[256];
	unsigned long count = 0;
	FILE *file = fopen("/proc/net/sockstat", "r");
	while (file && fgets(line, sizeof(line), file)) {
		const char *tw = strstr(line, " tw ");
		if (tw)
			count = strtoul(tw + 4, NULL, 10);
	}
	if (file)
		fclose(file);
	return count;
}

struct bench {
	struct probe probe;
	unsigned long asked, answered, alerts, probes;
	double block_start, first, last;
};

static enum prover_step next(void *context, struct probe *out)
{
	struct bench *bench = context;
	if (bench->asked == bench->probes)
		return PROVER_DONE;
	*out = bench->probe;
	out->id = (uint32_t)++bench->asked;
	return PROVER_PROBE;
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	struct bench *bench = context;
	(void)probe;
	bench->alerts += observation->outcome == OUTCOME_ALERT;
	if (++bench->answered % BLOCK)
		return;
	double now = seconds();
	bench->last = now - bench->block_start;
	if (bench->first == 0)
		bench->first = bench->last;
	bench->block_start = now;
	printf("probes=%lu rate=%.0f time_wait=%lu\n", bench->answered, BLOCK / bench->last,
	       time_wait());
}

int main(int argc, char **argv)
{
	static const struct shape shape;
	static struct bench bench;
	struct addresses addresses;
	struct engine_options options = { .concurrency = 32 };
	struct engine_result result;
	struct arena keep;
	char why[160];
	bench.probes = argc > 1 ? strtoul(argv[1], NULL, 10) : 60000;
	bench.probe = (struct probe){
		.version = TLS1_2,
		.suites = { 0xC02F },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text("tls")),
	};
	if (resolve_host(&addresses, "127.0.0.1", start_server(), NULL, 1000, why, sizeof(why)) !=
	    FAULT_NONE)
		return 3;
	options.address = addresses.items[0];
	arena_init(&keep, RUN_ARENA_MAX);
	bench.block_start = seconds();
	struct engine_source source = { .context = &bench, .next = next, .deliver = deliver };
	if (engine_drive(&result, &source, &keep, &options) != FAULT_NONE)
		return 4;
	arena_release(&keep);
	printf("alerts=%lu of %lu, retries=%u, last block / first block = %.2f\n", bench.alerts,
	       bench.probes, result.retries, bench.last / bench.first);
	return bench.alerts == bench.probes && bench.last < 2 * bench.first ? 0 : 1;
}
