/* SPDX-License-Identifier: Apache-2.0 */
#include <inttypes.h>
#include <mbedtls/base64.h>
#include <mbedtls/sha256.h>

#include "report/html_internal.h"
#include "script/builtin.h"

#define INDEX_MAX ((size_t)1 << 30)

/* 'sha256-...' of a piece of style or script: the page admits these two and nothing else. */
static void source_hash(struct text *out, struct span source)
{
	unsigned char hash[32], encoded[64];
	size_t len = 0;
	if (mbedtls_sha256_ret(source.at, source.len, hash, 0) != 0 ||
	    mbedtls_base64_encode(encoded, sizeof(encoded), &len, hash, sizeof(hash)) != 0) {
		out->fault = FAULT_CRYPTO;
		return;
	}
	text_put(out, "'sha256-");
	text_append(out, span_of(encoded, len));
	text_put(out, "'");
}

static void put_title(struct text *out, const struct report *report)
{
	const char *word;
	html_result(report_exit_status(report), &word);
	text_printf(out, "<title>%s: ", word);
	if (report->runs_len)
		html_title(out, report, 0);
	if (report->runs_len > 1)
		text_printf(out, " and %zu more", report->runs_len - 1);
	text_put(out, " - tlsgauge</title>\n");
}

static void head(struct text *out, const struct report *report)
{
	text_put(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		      "'none'; style-src ");
	source_hash(out, builtin_style[0].text);
	text_put(out, "; script-src ");
	source_hash(out, builtin_behaviour[0].text);
	text_put(out, "; base-uri 'none'; form-action 'none'\">\n"
		      "<meta name=\"referrer\" content=\"no-referrer\">\n"
		      "<meta name=\"viewport\" content=\"width=device-width, "
		      "initial-scale=1\">\n"
		      "<meta name=\"color-scheme\" content=\"light dark\">\n");
	text_printf(out, "<meta name=\"generator\" content=\"tlsgauge %s\">\n", TLSGAUGE_VERSION);
	put_title(out, report);
	text_put(out, "<style>");
	text_append(out, builtin_style[0].text);
	text_put(out, "</style>\n</head>\n<body>\n");
}

static void foot(struct text *out, const struct report *report)
{
	uint64_t connections = 0, ms = 0;
	for (size_t i = 0; i < report->runs_len; i++) {
		connections += report->runs[i].result->connections;
		ms += report->runs[i].duration_ms;
	}
	text_printf(out,
		    "</main>\n<footer><p>tlsgauge %s, %zu run%s, %" PRIu64 " connections, %" PRIu64
		    " ms. What a server said is quoted: it is a stranger\xE2\x80\x99s.</p></footer>"
		    "\n<script>",
		    TLSGAUGE_VERSION, report->runs_len, report->runs_len == 1 ? "" : "s",
		    connections, ms);
	text_append(out, builtin_behaviour[0].text);
	text_put(out, "</script>\n</body>\n</html>\n");
}

static enum fault write(struct text *out, const struct report *report)
{
	struct arena arena;
	enum fault fault = FAULT_NONE;
	head(out, report);
	html_summary(out, report);
	for (size_t i = 0; i < report->runs_len && fault == FAULT_NONE; i++) {
		struct html_run run;
		arena_init(&arena, INDEX_MAX);
		fault = html_run_index(&run, report, i, &arena);
		if (fault == FAULT_NONE)
			html_run(out, &run);
		if (fault == FAULT_NONE)
			fault = arena.fault;
		arena_release(&arena);
	}
	foot(out, report);
	return fault == FAULT_NONE ? out->fault : fault;
}

const struct report_format report_html = {
	.name = "html",
	.description = "one page for a browser: matrix, findings, evidence, rows",
	.write = write,
};
