/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz_options.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/options.h"
#include "engine/engine.h"

#define TIME_DEFAULT_S 60
#define US_A_SECOND    UINT64_C(1000000)
#define TIMEOUT_MS     1000

enum fuzz_key {
	FUZZ_POLICY = 256,
	FUZZ_AT,
	FUZZ_GATE,
	FUZZ_AGAINST,
	FUZZ_SNI,
	FUZZ_ALPN,
	FUZZ_RESOLVER,
	FUZZ_TIME,
	FUZZ_RUNS,
	FUZZ_SEED,
	FUZZ_REPLAY,
	FUZZ_TIMEOUT,
	FUZZ_CONCURRENCY,
	FUZZ_RATE,
	FUZZ_EXEC,
	FUZZ_PID,
	FUZZ_CORPUS,
	FUZZ_KEEP,
	FUZZ_ONLY,
	FUZZ_COLOR,
	FUZZ_SCALARS_END,
	FUZZ_SET,
	FUZZ_REPORT,
	FUZZ_STRICT,
	FUZZ_ALLOWED,
	FUZZ_FIRST,
	FUZZ_QUIET = 'q',
	FUZZ_VERBOSE = 'v',
};

#define SCALARS_LEN (FUZZ_SCALARS_END - FUZZ_POLICY)

static const struct argp_option table[] = {
	{ NULL, 0, NULL, 0, "What is judged:", 1 },
	{ "policy", FUZZ_POLICY, "NAME|FILE", 0, "the document, as a policy", 1 },
	{ "set", FUZZ_SET, "NAME=VALUE", 0, "the value in force of a documented setting", 1 },
	{ "at", FUZZ_AT, "YYYY-MM-DD", 0, "judge dated rows as of this day", 1 },
	{ "strict", FUZZ_STRICT, NULL, 0, "in a contradiction, reject beats accept", 1 },
	{ "gate", FUZZ_GATE, "GRADE", 0,
	  "tolerated (the default): any rejection is one; strict: the alert counts, too", 1 },
	{ "against", FUZZ_AGAINST, "TARGET", 0,
	  "send the same to this endpoint; any difference of ruling is a finding", 1 },
	{ "only", FUZZ_ONLY, "KEY-GLOB", 0, "only findings whose key fits, 'accepted/*'", 1 },

	{ NULL, 0, NULL, 0, "What is sent:", 2 },
	{ "time", FUZZ_TIME, "DURATION", 0, "how long: 90, 90s, 10m, 2h (60s, unless --runs)", 2 },
	{ "runs", FUZZ_RUNS, "N", 0, "how many probes", 2 },
	{ "first", FUZZ_FIRST, NULL, 0, "end with the first finding that is certain", 2 },
	{ "seed", FUZZ_SEED, "N", 0, "every probe is a function of it and its index (1)", 2 },
	{ "replay", FUZZ_REPLAY, "SEED:INDEX", 0, "send one probe again, and say what it is", 2 },
	{ "sni", FUZZ_SNI, "NAME", 0, "server_name to send, instead of TARGET's host; '' for none",
	  2 },
	{ "alpn", FUZZ_ALPN, "PROTOCOL", 0, "a protocol that the endpoint is known to speak", 2 },
	{ "corpus", FUZZ_CORPUS, "DIR", 0,
	  "keep there what showed a new class of answer, and begin with what is there", 2 },
	{ "i-am-allowed-to-test-this", FUZZ_ALLOWED, NULL, 0,
	  "needed for any endpoint that is not on the loopback interface", 2 },

	{ NULL, 0, NULL, 0, "How it is sent:", 3 },
	{ "resolver", FUZZ_RESOLVER, "ADDR[:PORT]", 0, "the DNS server to ask", 3 },
	{ "timeout", FUZZ_TIMEOUT, "MS", 0, "for one probe, connecting included (1000)", 3 },
	{ "concurrency", FUZZ_CONCURRENCY, "N", 0, "connections at a time (32; PostgreSQL 8)", 3 },
	{ "rate", FUZZ_RATE, "N", 0, "connections a second at most", 3 },
	WATCH_OPTION_EXEC(FUZZ_EXEC, 3),
	WATCH_OPTION_PID(FUZZ_PID, 3),

	{ NULL, 0, NULL, 0, "What is told:", 4 },
	{ "report", FUZZ_REPORT, "FORMAT[=FILE]", 0, "text or json; several", 4 },
	{ "keep", FUZZ_KEEP, "DIR", 0,
	  "write each finding there: the bytes, a case, a packet capture", 4 },
	{ "color", FUZZ_COLOR, "WHEN", 0, "auto, always or never; NO_COLOR is heeded", 4 },
	{ "quiet", FUZZ_QUIET, NULL, 0, "only findings and the last line", 4 },
	{ "verbose", FUZZ_VERBOSE, NULL, 0, "each new class of answer as it is seen", 4 },
	{ 0 },
};

static const char doc[] =
	"Send generated hellos to an endpoint and hold its answers against a policy, the RFCs and "
	"its being alive.\n"
	"A policy rules every well-formed hello; what is malformed has to be rejected, or answered "
	"with a correct ServerHello where no rule is certain. Each deviation is asked again, and "
	"reduced to the smallest hello that still shows it."
	"\v"
	"Examples:\n"
	"  tlsgauge fuzz localhost:4433 --policy our.policy --time 10m\n"
	"  tlsgauge fuzz postgresql://127.0.0.1:5432 \\\n"
	"      --policy azure-postgresql-single-server --set minimum_tls_version=TLS1_2\n"
	"  tlsgauge fuzz 127.0.0.1:4433 --policy our.policy \\\n"
	"      --exec 'openssl s_server -accept 4433 -cert c.pem -key k.pem -quiet'\n"
	"  tlsgauge fuzz old:443 --against new:443 --policy our.policy\n"
	"  tlsgauge fuzz localhost:4433 --policy our.policy --replay 1:2042.7\n"
	"\n"
	"Exit status: 0 nothing was found; 1 something was; 2 usage, nothing was sent; 3 nothing "
	"was found, but the endpoint took no hello at all or was lost; 4 a fault of the tool "
	"itself.";

struct scan {
	struct fuzz_options *out;
	const char *scalars[SCALARS_LEN];
};

static const char *option_name(int key)
{
	const struct argp_option *option = table;
	while (option->key != key)
		option++;
	return option->name;
}

static const char *scalar(const struct scan *scan, enum fuzz_key key)
{
	return scan->scalars[key - FUZZ_POLICY];
}

static error_t add_scalar(struct scan *scan, int key, const char *text)
{
	const char **slot = &scan->scalars[key - FUZZ_POLICY];
	if (*slot && strcmp(*slot, text) != 0)
		return complain(scan->out->base.who, "'--%s' is given twice, as '%s' and as '%s'",
				option_name(key), *slot, text);
	*slot = text;
	return 0;
}

static error_t add_report(struct check_options *out, const char *text)
{
	int status = check_options_add_report(out, text);
	if (status != STATUS_PASS)
		return status;
	const struct report_format *format = out->reports[out->reports_len - 1].format;
	if (format != &report_text && format != &report_json)
		return complain(out->who, "'--report %s': a fuzz run is told as text or json",
				format->name);
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct scan *scan = state->input;
	struct check_options *base = &scan->out->base;
	if (key >= FUZZ_POLICY && key < FUZZ_SCALARS_END)
		return add_scalar(scan, key, text);
	switch (key) {
	case FUZZ_SET:
		if (base->set_len == CHECK_SETS_MAX)
			return complain(base->who, "more than %d settings are given",
					CHECK_SETS_MAX);
		base->set[base->set_len++] = text;
		return 0;
	case FUZZ_REPORT:
		return add_report(base, text);
	case FUZZ_STRICT:
		base->strict = true;
		return 0;
	case FUZZ_ALLOWED:
		scan->out->allowed = true;
		return 0;
	case FUZZ_FIRST:
		scan->out->first = true;
		return 0;
	case FUZZ_QUIET:
		base->quiet = true;
		return 0;
	case FUZZ_VERBOSE:
		base->verbose = true;
		return 0;
	case ARGP_KEY_ARG:
		if (base->target)
			return complain(base->who, "one TARGET at a time: '%s' and '%s' are given",
					base->target, text);
		base->target = text;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int take_number(uint64_t *out, const struct scan *scan, enum fuzz_key key, uint64_t min,
		       uint64_t max, uint64_t preset)
{
	const char *text = scalar(scan, key);
	*out = preset;
	if (!text || number_parse(out, span_text(text), min, max) == FAULT_NONE)
		return STATUS_PASS;
	return complain(scan->out->base.who, "'--%s %s' is not a number from %llu to %llu",
			option_name((int)key), text, (unsigned long long)min,
			(unsigned long long)max);
}

/* 90, 90s, 10m, 2h. */
static int take_time(struct fuzz_options *out, const struct scan *scan)
{
	const char *text = scalar(scan, FUZZ_TIME);
	out->time_us = out->runs ? 0 : TIME_DEFAULT_S * US_A_SECOND;
	if (!text)
		return STATUS_PASS;
	struct span digits = span_text(text);
	uint64_t unit = 1, value;
	char last = *text ? text[digits.len - 1] : '\0';
	if (last == 's' || last == 'm' || last == 'h') {
		unit = last == 's' ? 1 : last == 'm' ? 60 : 3600;
		digits.len--;
	}
	if (number_parse(&value, digits, 1, 1000000) != FAULT_NONE)
		return complain(out->base.who,
				"'--time %s' is no duration such as 90, 90s, 10m "
				"or 2h",
				text);
	out->time_us = value * unit * US_A_SECOND;
	return STATUS_PASS;
}

static int take_replay(struct fuzz_options *out, const struct scan *scan)
{
	const char *text = scalar(scan, FUZZ_REPLAY);
	const char *colon = text ? strchr(text, ':') : NULL;
	if (!text)
		return STATUS_PASS;
	out->replays = true;
	if (!colon ||
	    number_parse(&out->base.seed, span_of(text, (size_t)(colon - text)), 0, INT64_MAX) !=
		    FAULT_NONE ||
	    !probe_index_read(&out->replay, span_text(colon + 1)))
		return complain(out->base.who,
				"'--replay %s' is not SEED:INDEX, such as 1:2042 or 1:2042.7.1",
				text);
	return STATUS_PASS;
}

static int take_gate(struct fuzz_options *out, const char *gate)
{
	out->base.strict_gate = gate && strcmp(gate, "strict") == 0;
	if (gate && !out->base.strict_gate && strcmp(gate, "tolerated") != 0)
		return complain(out->base.who, "'--gate %s' is neither strict nor tolerated", gate);
	return STATUS_PASS;
}

static int take_numbers(struct fuzz_options *out, const struct scan *scan)
{
	struct check_options *base = &out->base;
	int status = take_number(&base->timeout_ms, scan, FUZZ_TIMEOUT, 1, 3600000, TIMEOUT_MS);
	if (status == STATUS_PASS)
		status = take_number(&base->concurrency, scan, FUZZ_CONCURRENCY, 1, CONCURRENCY_MAX,
				     0);
	if (status == STATUS_PASS)
		status = take_number(&base->rate, scan, FUZZ_RATE, 1, 1000000, 0);
	if (status == STATUS_PASS)
		status = take_number(&base->seed, scan, FUZZ_SEED, 0, INT64_MAX, 1);
	if (status == STATUS_PASS)
		status = take_number(&out->runs, scan, FUZZ_RUNS, 1, UINT32_MAX, 0);
	return status;
}

static void take_texts(struct fuzz_options *out, const struct scan *scan)
{
	out->base.policy = scalar(scan, FUZZ_POLICY);
	out->base.sni = scalar(scan, FUZZ_SNI);
	out->base.resolver = scalar(scan, FUZZ_RESOLVER);
	out->base.only = scalar(scan, FUZZ_ONLY);
	out->against = scalar(scan, FUZZ_AGAINST);
	out->alpn = scalar(scan, FUZZ_ALPN);
	out->corpus = scalar(scan, FUZZ_CORPUS);
	out->keep = scalar(scan, FUZZ_KEEP);
}

static int conflict(const struct fuzz_options *out, const struct scan *scan)
{
	const char *who = out->base.who;
	if (!out->base.target)
		return complain(who, "say which endpoint: TARGET is [SCHEME://]HOST[:PORT]");
	if (!out->base.policy)
		return complain(who, "say with '--policy' which document rules the answers; "
				     "'tlsgauge policy list' names those built in");
	if (out->replays && scalar(scan, FUZZ_SEED))
		return complain(who, "'--replay' has a seed of its own: leave '--seed' out");
	if (out->replays && (out->base.reports_len || out->corpus || out->keep))
		return complain(who,
				"'--replay' says on standard output what one probe is, and "
				"keeps nothing: leave '%s' out",
				out->base.reports_len ? "--report"
				: out->corpus	      ? "--corpus"
						      : "--keep");
	if (out->against && watch_options_given(&out->watch))
		return complain(who, "'--against' compares two endpoints: '--exec' and '--pid' "
				     "watch one");
	return STATUS_PASS;
}

int fuzz_options_parse(struct fuzz_options *out, int argc, char **argv)
{
	static const struct argp argp = {
		.options = table, .parser = parse, .args_doc = "TARGET", .doc = doc
	};
	struct scan scan = { .out = out };
	*out = (struct fuzz_options){ .base.who = argv[0], .base.at = DATE_NONE };
	int status = options_parse(&argp, argc, argv, &scan);
	if (status == STATUS_PASS)
		status = take_numbers(out, &scan);
	if (status == STATUS_PASS)
		status = take_time(out, &scan);
	if (status == STATUS_PASS)
		status = take_replay(out, &scan);
	if (status == STATUS_PASS)
		status = take_gate(out, scalar(&scan, FUZZ_GATE));
	if (status == STATUS_PASS)
		status = check_options_take_color(&out->base, scalar(&scan, FUZZ_COLOR));
	const char *at = scalar(&scan, FUZZ_AT);
	if (status == STATUS_PASS && at && date_parse(&out->base.at, span_text(at)) != FAULT_NONE)
		status = complain(argv[0], "'--at %s' is no day of the calendar, YYYY-MM-DD", at);
	if (status != STATUS_PASS)
		return status;
	take_texts(out, &scan);
	status = watch_options_take(&out->watch, argv[0], scalar(&scan, FUZZ_EXEC),
				    scalar(&scan, FUZZ_PID));
	if (status != STATUS_PASS)
		return status;
	status = conflict(out, &scan);
	if (!out->base.reports_len)
		out->base.reports[out->base.reports_len++] =
			(struct report_request){ .format = &report_text };
	return status;
}
