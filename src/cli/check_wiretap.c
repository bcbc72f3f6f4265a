/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "cli/check.h"
#include "cli/packets.h"
#include "report/keylog.h"

/* Packets were never seen on a wire: each attempt is told as one TCP connection of its own. */
struct wiretap {
	FILE *keylog, *pcap;
	struct text secrets, packets;
	uint64_t began_us; /* since 1970, when the run's clock began */
	uint32_t conversations;
	bool failed;
};

static uint64_t wall_clock_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000u + (uint64_t)now.tv_nsec / 1000u;
}

static FILE *open_file(const struct check *check, const char *path, const char *mode, int *status)
{
	FILE *file = path ? fopen(path, mode) : NULL;
	if (path && !file)
		*status = complain(check->options->who, "cannot write '%s': %s", path,
				   strerror(errno));
	return file;
}

int wiretap_open(struct check *check)
{
	const struct check_options *options = check->options;
	int status = STATUS_PASS;
	if (!options->keylog && !options->pcap)
		return STATUS_PASS;
	struct wiretap *wiretap = arena_alloc(&check->arena, sizeof(*wiretap));
	if (!wiretap)
		return complain_fault(options->who, check->arena.fault);
	check->wiretap = wiretap;
	text_init(&wiretap->secrets);
	text_init(&wiretap->packets);
	wiretap->began_us = wall_clock_us();
	/* Other tools append to a key log as well. */
	wiretap->keylog = open_file(check, options->keylog, "a", &status);
	if (status == STATUS_PASS)
		wiretap->pcap = open_file(check, options->pcap, "w", &status);
	if (wiretap->pcap)
		pcapng_begin(&wiretap->packets, "tlsgauge " TLSGAUGE_VERSION);
	return status;
}

static void flush(struct wiretap *wiretap, FILE *file, struct text *text)
{
	bool written = !file || fwrite(text_view(text), 1, text->len, file) == text->len;
	if (!written || text->fault != FAULT_NONE || (file && fflush(file) != 0))
		wiretap->failed = true;
	text_release(text);
}

static enum pcap_end end_of(const struct observation *seen)
{
	switch (seen->outcome) {
	case OUTCOME_UNREACHABLE:
		return PCAP_REFUSED;
	case OUTCOME_RESET:
		return PCAP_SERVER_RESETS;
	case OUTCOME_CLOSE:
	case OUTCOME_ALERT:
		return PCAP_SERVER_CLOSES;
	default:
		return PCAP_CLIENT_CLOSES;
	}
}

static size_t writes_of(struct pcap_write *out, const struct engine_attempt *attempt,
			uint64_t began_us)
{
	const struct observation *seen = attempt->observation;
	size_t sent = 0, received = 0, len = 0;
	for (size_t i = 0; i < attempt->turns_len; i++) {
		const struct exchange_turn *turn = &attempt->turns[i];
		struct span from = turn->sent ? span_skip(attempt->sent, sent)
					      : span_skip(attempt->received, received);
		size_t part = turn->len < from.len ? turn->len : from.len;
		*(turn->sent ? &sent : &received) += part;
		if (!part)
			continue;
		/* Only the ends are timed; what lies between is spread evenly. */
		uint64_t span_us = seen->ended_us - seen->started_us;
		out[len++] = (struct pcap_write){
			.from_server = !turn->sent,
			.time_us = began_us + seen->started_us +
				   span_us * (i + 1) / (attempt->turns_len + 1),
			.bytes = span_of(from.at, part),
		};
	}
	return len;
}

static void add_packets(struct wiretap *wiretap, const struct check_run *run,
			const struct engine_attempt *attempt)
{
	struct pcap_write writes[EXCHANGE_TURNS_MAX];
	char comment[512];
	probe_describe(comment, sizeof(comment), attempt->probe);
	struct pcap_endpoint server = packets_server(&run->address);
	struct pcap_conversation conversation = {
		.client = packets_client(&server, wiretap->conversations++),
		.server = server,
		.opened_us = wiretap->began_us + attempt->observation->started_us,
		.closed_us = wiretap->began_us + attempt->observation->ended_us,
		.comment = comment,
		.writes = writes,
		.writes_len = writes_of(writes, attempt, wiretap->began_us),
		.end = end_of(attempt->observation),
	};
	pcapng_conversation(&wiretap->packets, &conversation);
	flush(wiretap, wiretap->pcap, &wiretap->packets);
}

void wiretap_attempt(struct wiretap *wiretap, const struct check_run *run,
		     const struct engine_attempt *attempt)
{
	const struct observation *seen = attempt->observation;
	for (size_t i = 0; i < seen->key_log_len; i++) {
		const struct key_log_line *line = &seen->key_log[i];
		keylog_line(&wiretap->secrets, line->label, line->random,
			    span_of(line->secret, line->secret_len));
	}
	if (wiretap->pcap && wiretap->secrets.len)
		pcapng_secrets(&wiretap->packets,
			       span_of(wiretap->secrets.at, wiretap->secrets.len));
	flush(wiretap, wiretap->keylog, &wiretap->secrets);
	if (wiretap->pcap)
		add_packets(wiretap, run, attempt);
}

int wiretap_close(struct check *check)
{
	struct wiretap *wiretap = check->wiretap;
	if (!wiretap)
		return STATUS_PASS;
	if (wiretap->pcap)
		flush(wiretap, wiretap->pcap, &wiretap->packets);
	if (wiretap->keylog && fclose(wiretap->keylog) != 0)
		wiretap->failed = true;
	if (wiretap->pcap && fclose(wiretap->pcap) != 0)
		wiretap->failed = true;
	text_release(&wiretap->secrets);
	text_release(&wiretap->packets);
	check->wiretap = NULL;
	if (!wiretap->failed)
		return STATUS_PASS;
	complain(check->options->who, "the key log or the capture could not be written");
	return STATUS_FAULT;
}
