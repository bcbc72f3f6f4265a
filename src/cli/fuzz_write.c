/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/fuzz.h"
#include "cli/fuzz_keep.h"
#include "cli/fuzz_write.h"
#include "cli/options.h"
#include "cli/packets.h"
#include "registry/cipher_suite.h"
#include "registry/registry.h"

/* A case's name has CASE_NAME_MAX letters, some of them for a number. */
#define NAME_TEXT_MAX (CASE_NAME_MAX + 1)
#define NAME_MAX_BARE (NAME_TEXT_MAX - 8)

/* fuzz.accepted-tls1.0-tls_rsa_with_rc4_128_sha, and a number where there are several of a key. */
static void name_of(char out[NAME_TEXT_MAX], const struct fuzz *fuzz, const struct fuzz_find *find)
{
	size_t same = 1;
	for (const struct fuzz_find *other = fuzz->finds; other < find; other++)
		same += strcmp(other->anomaly.key, find->anomaly.key) == 0;
	int len = snprintf(out, NAME_MAX_BARE, "fuzz.%s", find->anomaly.key);
	if (len >= NAME_MAX_BARE)
		len = NAME_MAX_BARE - 1;
	for (char *at = out; *at; at++) {
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
		else if (*at == '/')
			*at = '-';
	}
	if (same > 1 && len > 0)
		snprintf(out + len, NAME_TEXT_MAX - (size_t)len, "-%zu", same);
}

static void put_cite(struct text *out, const struct fuzz *fuzz, const struct anomaly *anomaly)
{
	const struct form_rule_info *rule = form_rule_info(anomaly->rule);
	const struct rule *row = anomaly->ruling.rule;
	const struct preference *order = anomaly->preference;
	if (order)
		text_printf(out, "\"policy %s, line %u\" MUST", fuzz->policy.name, order->at.line);
	else if (anomaly->rule != FORM_SOUND)
		text_printf(out, "\"%s\" MUST%s", rule->cite, anomaly->inferred ? " sender" : "");
	else if (row)
		text_printf(out, "\"policy %s, line %u\" %s", fuzz->policy.name, row->at.line,
			    anomaly->inferred ? "SHOULD" : "MUST");
	else
		text_put(out, "\"RFC 5246 7.4.1.3\" ROBUSTNESS");
}

/* RFC 8446 4.1.3: one sentinel is of TLS 1.2, the other of everything below. */
static void put_owed(struct text *out, const struct anomaly *anomaly)
{
	static const struct {
		enum form_rule rule;
		uint16_t type;
	} owed[] = {
		{ FORM_RENEGOTIATION_ANSWER, EXT_RENEGOTIATION_INFO },
		{ FORM_MASTER_SECRET_ANSWER, EXT_EXTENDED_MASTER_SECRET },
		{ FORM_MAC_ANSWER, EXT_ENCRYPT_THEN_MAC },
		{ FORM_ALPN_ANSWER, EXT_ALPN },
	};
	text_put(out, "expect server_hello");
	if (anomaly->rule == FORM_SENTINEL)
		text_join(out, "\nassert downgrade ",
			  version_name(anomaly->version == TLS1_2 ? TLS1_2 : TLS1_1));
	for (size_t i = 0; i < sizeof(owed) / sizeof(owed[0]); i++)
		if (owed[i].rule == anomaly->rule)
			text_join(out, "\nassert extension ",
				  registry_name(&registry_extensions, owed[i].type), " present");
}

static void put_preferred(struct text *out, const struct anomaly *anomaly)
{
	char label[CIPHER_SUITE_LABEL_MAX];
	cipher_suite_label(label, anomaly->due_suite);
	text_join(out, "expect server_hello ", version_name(anomaly->version), " ", label);
}

/* What a server does that has not this finding. */
static void put_expectation(struct text *out, const struct anomaly *anomaly)
{
	const char *alert = registry_name(&registry_alerts, form_rule_info(anomaly->rule)->alert);
	switch (anomaly->kind) {
	case ANOMALY_REFUSED:
		text_put(out, "expect server_hello");
		return;
	case ANOMALY_ACCEPTED:
		text_put(out, "expect alert handshake_failure protocol_version\nallow  alert, "
			      "close");
		return;
	case ANOMALY_PREFERENCE:
		put_preferred(out, anomaly);
		return;
	case ANOMALY_OMITTED:
		put_owed(out, anomaly);
		return;
	case ANOMALY_BROKEN:
	case ANOMALY_ALERT:
		if (anomaly->rule != FORM_SOUND && form_rule_info(anomaly->rule)->alert && alert)
			text_join(out, "expect alert ", alert, "\nallow  alert, close");
		else
			text_put(out, "expect alert\nallow  close");
		return;
	default:
		text_put(out, "expect alert\nor     server_hello\nallow  close");
	}
}

static uint64_t wall_us(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static enum pcap_end end_of(const struct fuzz_find *find)
{
	switch (find->outcome) {
	case OUTCOME_RESET:
		return PCAP_SERVER_RESETS;
	case OUTCOME_TIMEOUT:
	case OUTCOME_SERVER_HELLO:
	case OUTCOME_HELLO_RETRY_REQUEST:
		return PCAP_CLIENT_CLOSES;
	default:
		return PCAP_SERVER_CLOSES;
	}
}

int fuzz_write(struct fuzz *fuzz, const struct fuzz_find *find)
{
	char name[NAME_TEXT_MAX];
	struct text cite, expectation, why;
	const struct pcap_endpoint server = packets_server(&fuzz->address);
	text_init(&cite);
	text_init(&expectation);
	text_init(&why);
	name_of(name, fuzz, find);
	put_cite(&cite, fuzz, &find->anomaly);
	put_expectation(&expectation, &find->anomaly);
	text_put(&why, anomaly_text(find->anomaly.kind));
	if (find->cause && *find->cause)
		text_join(&why, ": ", find->cause);
	const struct stanza stanza = {
		.name = name,
		.cite = text_view(&cite),
		.why = text_view(&why),
		.expectation = text_view(&expectation),
	};
	const struct fuzz_kept kept = {
		.stanza = &stanza,
		.found = find->detail ? find->detail : "",
		.sent = find->bytes,
		.received = find->received,
		.server = &server,
		.opened_us = wall_us(),
		.closed_us = wall_us() + 1000,
		.end = end_of(find),
	};
	int status = fuzz_keep(fuzz->options->base.who, fuzz->options->keep, &kept);
	text_release(&cite);
	text_release(&expectation);
	text_release(&why);
	return status;
}

void fuzz_keep_find(struct fuzz *fuzz, const struct fuzz_find *find)
{
	if (fuzz->options->keep && !fuzz->unkept)
		fuzz->unkept = fuzz_write(fuzz, find) != STATUS_PASS;
}

/* "7-42.3.bin" of a run with seed 7. */
static bool read_name(const struct fuzz *fuzz, const char *name, struct probe_index *out)
{
	const char *dash = strchr(name, '-'), *end = strstr(name, ".bin");
	uint64_t seed;
	return dash && end && dash < end && !end[4] &&
	       number_parse(&seed, span_of(name, (size_t)(dash - name)), 0, INT64_MAX) ==
		       FAULT_NONE &&
	       seed == fuzz->generator.seed &&
	       probe_index_read(out, span_of(dash + 1, (size_t)(end - dash - 1)));
}

/* Roots are visited in order, so that all before the last that was kept were visited, too. */
static void resume(struct fuzz *fuzz, const char *name)
{
	struct probe_index index;
	if (!read_name(fuzz, name, &index))
		return;
	if (index.root >= fuzz->next_root)
		fuzz->next_root = index.root + 1;
	if (fuzz->resume_len < NOVELTY_KEPT_MAX)
		fuzz->resume[fuzz->resume_len++] = index;
}

int fuzz_corpus_open(struct fuzz *fuzz)
{
	const char *directory = fuzz->options->corpus;
	if (!directory)
		return STATUS_PASS;
	if (mkdir(directory, 0777) != 0 && errno != EEXIST)
		return complain(fuzz->options->base.who, "cannot make '%s': %s", directory,
				strerror(errno));
	DIR *open = opendir(directory);
	if (!open || access(directory, W_OK) != 0) {
		int status = complain(fuzz->options->base.who, "cannot use '%s': %s", directory,
				      strerror(errno));
		if (open)
			closedir(open);
		return status;
	}
	fuzz->resume = arena_array(&fuzz->arena, NOVELTY_KEPT_MAX, sizeof(*fuzz->resume));
	for (struct dirent *entry; fuzz->resume && (entry = readdir(open));)
		resume(fuzz, entry->d_name);
	closedir(open);
	return STATUS_PASS;
}

/* SEED-INDEX.bin: what showed a new class, under the name by which it can be sent again. */
static bool write_entry(const struct fuzz *fuzz, const struct probe_index *index)
{
	uint8_t bytes[GENERATED_MAX];
	struct text path;
	text_init(&path);
	text_printf(&path, "%s/%llu-", fuzz->options->corpus,
		    (unsigned long long)fuzz->generator.seed);
	probe_index_put(&path, index);
	text_put(&path, ".bin");
	size_t len = generator_make(&fuzz->generator, index, bytes);
	FILE *file = fopen(text_view(&path), "wb");
	bool good = file && fwrite(bytes, 1, len, file) == len;
	if (file)
		good = fclose(file) == 0 && good;
	text_release(&path);
	return good;
}

int fuzz_corpus_write(struct fuzz *fuzz)
{
	const char *directory = fuzz->options->corpus;
	if (!directory)
		return STATUS_PASS;
	for (size_t i = 0; i < fuzz->novelty.kept_len; i++) {
		errno = 0;
		if (write_entry(fuzz, &fuzz->novelty.kept[i].index))
			continue;
		complain(fuzz->options->base.who, "cannot write into '%s': %s", directory,
			 strerror(errno));
		return STATUS_FAULT;
	}
	return STATUS_PASS;
}
