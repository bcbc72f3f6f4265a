/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/explain.h"

#include <stdio.h>

#include "base/limits.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/policy_command.h"

#define HELLOS_MAX 1024

enum key {
	KEY_POLICY = 256,
	KEY_SETTING,
	KEY_AT,
	KEY_STRICT,
	KEY_CERTIFICATE,
	KEY_ENCRYPT_THEN_MAC,
	KEY_HEX,
	KEY_HELLO,
	KEY_OUT
};

/* `hex[i]`: the i-th hello is written on the command line and no file's name. `number` is the one
 * of a file that is asked for, 0: each. */
struct words {
	const char *who, *policy;
	struct assignments set;
	date at;
	bool strict, json, holds[CONDITION_CERTIFICATE_DSS + 1];
	const char *hellos[HELLOS_MAX];
	bool hex[HELLOS_MAX];
	size_t hellos_len, number;
};

static const struct argp_option options[] = {
	{ "policy", KEY_POLICY, "NAME|FILE", 0, "the document, as a policy", 0 },
	{ "set", KEY_SETTING, "NAME=VALUE", 0, "the value in force of a documented setting", 0 },
	{ "strict", KEY_STRICT, NULL, 0, "in a contradiction, reject beats accept", 0 },
	{ "at", KEY_AT, "YYYY-MM-DD", 0, "judge dated rows as of this day", 0 },
	{ "certificate", KEY_CERTIFICATE, "rsa|ecdsa|dss", 0,
	  "the server has a certificate of this kind, for rows 'if certificate'; several add up",
	  0 },
	{ "encrypt-then-mac", KEY_ENCRYPT_THEN_MAC, NULL, 0,
	  "it is negotiated, for rows 'if encrypt_then_mac'", 0 },
	{ "hex", KEY_HEX, "HEX", 0, "a hello written here, as hexadecimal digits", 0 },
	{ "hello", KEY_HELLO, "N", 0, "of a file that holds several, only the N-th", 0 },
	{ "format", KEY_OUT, "text|json", 0, "lines (the default), or one JSON object a line", 0 },
	{ 0 },
};

static const char doc[] =
	"Say what a policy demands of a server that gets this ClientHello, which rows say so, and "
	"which change of the hello or of the settings would turn it. Nothing is sent. HELLO is a "
	"file, or standard input for '-' or none: TLS records, a bare handshake message or an "
	"SSLv2 hello, as bytes or hexadecimal digits; what 'hello decode' prints; or a capture of "
	"packets, pcap or pcapng, of which the first hello of each TCP connection is taken.\v"
	"Examples:\n"
	"  tlsgauge explain --policy azure-postgresql-single-server \\\n"
	"      --set minimum_tls_version=TLS1_2 client.bin\n"
	"  tlsgauge explain --policy ./our.policy --format json *.bin |\n"
	"      jq -r '[.file, .expected.ruling] | @tsv'\n"
	"  tlsgauge explain --policy mozilla-modern-5.8 --hello 2 captured.pcapng\n"
	"  tlsgauge hello decode client.bin |\n"
	"      tlsgauge explain --policy mozilla-modern-5.8\n\n"
	"Exit status: 0 every hello was explained, malformed ones included, 2 usage, or an input "
	"that holds no hello, 4 a fault of the tool itself.";

static int take_certificate(struct words *words, const char *text)
{
	static const char *const kinds[] = { "rsa", "ecdsa", "dss" };
	for (unsigned i = 0; i < 3; i++) {
		if (strcmp(text, kinds[i]) != 0)
			continue;
		words->holds[CONDITION_CERTIFICATE_RSA + i] = true;
		return 0;
	}
	return complain(words->who, "'--certificate %s' is none of rsa, ecdsa and dss", text);
}

static int take_format(struct words *words, const char *text)
{
	words->json = strcmp(text, "json") == 0;
	if (words->json || strcmp(text, "text") == 0)
		return 0;
	return complain(words->who, "unknown format '%s'; there are 'text' and 'json'", text);
}

static int take_number(struct words *words, const char *text)
{
	uint64_t number;
	if (number_parse(&number, span_text(text), 1, UINT32_MAX) != FAULT_NONE)
		return complain(words->who, "'--hello %s' is no number from 1 on", text);
	words->number = (size_t)number;
	return 0;
}

static int take_hello(struct words *words, const char *text, bool hex)
{
	if (words->hellos_len == HELLOS_MAX)
		return complain(words->who, "more than %d hellos are given", HELLOS_MAX);
	words->hex[words->hellos_len] = hex;
	words->hellos[words->hellos_len++] = text;
	return 0;
}

static int take_policy(struct words *words, const char *text)
{
	if (words->policy)
		return complain(words->who, "'--policy' is given twice, as '%s' and as '%s'",
				words->policy, text);
	words->policy = text;
	return 0;
}

/* Of two values of one setting neither would be in force for sure. */
static int take_set(struct words *words, const char *text)
{
	for (size_t i = 0; i < words->set.len; i++) {
		const char *other = words->set.at[i];
		size_t name = strcspn(text, "=");
		if (strncmp(other, text, name + 1) == 0 && strcmp(other, text) != 0)
			return complain(words->who,
					"'--set %s' and '--set %s' are two values of "
					"one setting",
					other, text);
	}
	if (words->set.len == POLICY_SETS_MAX)
		return complain(words->who, "more than %d settings are given", POLICY_SETS_MAX);
	words->set.at[words->set.len++] = text;
	return 0;
}

static int take_at(struct words *words, const char *text)
{
	if (date_parse(&words->at, span_text(text)) == FAULT_NONE)
		return 0;
	return complain(words->who, "'--at %s' is no day of the calendar, YYYY-MM-DD", text);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct words *words = state->input;
	switch (key) {
	case KEY_POLICY:
		return take_policy(words, text);
	case KEY_SETTING:
		return take_set(words, text);
	case KEY_AT:
		return take_at(words, text);
	case KEY_STRICT:
		words->strict = true;
		return 0;
	case KEY_CERTIFICATE:
		return take_certificate(words, text);
	case KEY_ENCRYPT_THEN_MAC:
		words->holds[CONDITION_ENCRYPT_THEN_MAC] = true;
		return 0;
	case KEY_HEX:
		return take_hello(words, text, true);
	case KEY_HELLO:
		return take_number(words, text);
	case KEY_OUT:
		return take_format(words, text);
	case ARGP_KEY_ARG:
		return take_hello(words, text, false);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options, .parser = parse, .args_doc = "[HELLO...]", .doc = doc
};

/* The bytes of a ClientHello were found, and it is their form that is wrong. */
static bool is_malformed_hello(const struct hello_input *in)
{
	size_t type = in->form == HELLO_FORM_SSLV2 ? 2 : 0;
	return in->message.len > type && in->message.at[type] == 1;
}

static enum fault account_for(struct text *out, struct explained *explained, bool json)
{
	const struct hello_input *in = &explained->file.input;
	struct arena *arena = explained->file.arena;
	bool sslv2 = in->form == HELLO_FORM_SSLV2;
	size_t len = sslv2 ? in->sslv2.kinds.len / 3 : list_u16_len(in->hello.suites);
	uint16_t *suites = arena_array(arena, len + 1, sizeof(*suites));
	if (!suites)
		return arena->fault;
	if (sslv2)
		offer_of_sslv2(&explained->hello, &in->sslv2, suites);
	else
		offer_of(&explained->hello, &in->hello, suites);
	enum fault fault = account_of(&explained->account, explained->settings,
				      &explained->hello.offer, arena);
	if (fault == FAULT_NONE)
		fault = flips_of(&explained->flips, explained->settings, &explained->hello, arena);
	if (fault == FAULT_NONE && json)
		explain_json(out, explained);
	else if (fault == FAULT_NONE)
		explain_text(out, explained);
	return fault;
}

static int refuse_hello(const struct words *words, const struct explained *explained,
			const struct wire_error *error)
{
	struct text where;
	text_init(&where);
	explain_captured_refusal(&where, explained);
	int status = complain(words->who, "'%s', offset %zu: %s %s%s", explained->file.name,
			      error->offset, error->field, error->what, text_view(&where));
	text_release(&where);
	return status;
}

static int explain_hello(const struct words *words, struct explained *explained, struct span bytes)
{
	struct hello_file *file = &explained->file;
	struct wire_error error;
	struct text out;
	enum fault fault = hello_input_read(&file->input, bytes, STRICT, file->arena, &error);
	bool malformed = fault != FAULT_NONE && is_malformed_hello(&file->input);
	if (fault != FAULT_NONE && !malformed)
		return refuse_hello(words, explained, &error);
	text_init(&out);
	if (!malformed)
		fault = account_for(&out, explained, words->json);
	else if (words->json)
		explain_json_malformed(&out, explained, &error);
	else
		explain_text_malformed(&out, explained, &error);
	if (malformed || fault == FAULT_NONE)
		return text_show(&out, words->who);
	text_release(&out);
	return complain_fault(words->who, fault);
}

/* The next hello of a file; the first is named as the file is. */
static int explain_part(const struct words *words, const struct settings *settings,
			const char *name, struct explain_source *source, size_t index, bool *found)
{
	struct arena arena;
	struct span bytes;
	char why[512] = "";
	int status = STATUS_PASS;
	arena_init(&arena, HELLO_ARENA_MAX);
	enum fault fault = explain_next(&bytes, found, source, &arena, why, sizeof(why));
	const char *shown = index ? arena_printf(&arena, "%s, hello %zu", name, index + 1) : name;
	struct explained explained = { .file = { .name = shown, .arena = &arena },
				       .settings = settings,
				       .number = index + 1,
				       .captured = source->captured,
				       .capture = source->captured ? &source->hellos : NULL };
	if (fault != FAULT_NONE) {
		status = complain(words->who, "'%s': %s", name, why);
		*found = false;
	} else if (*found && (!words->number || words->number == explained.number)) {
		if (index && !words->json && !words->number)
			putchar('\n');
		status = shown ? explain_hello(words, &explained, bytes)
			       : complain_fault(words->who, arena.fault);
	}
	arena_release(&arena);
	return status;
}

static int explain_file(const struct words *words, const struct settings *settings,
			const char *path)
{
	const char *name = strcmp(path, "-") == 0 ? "standard input" : path;
	struct explain_source source;
	struct arena arena;
	char why[512];
	int worst = STATUS_PASS;
	size_t told = 0;
	bool found = true;
	arena_init(&arena, CAPTURE_ARENA_MAX);
	if (explain_open(&source, &arena, path, why, sizeof(why)) != FAULT_NONE) {
		worst = complain(words->who, "%s", why);
		found = false;
	}
	for (; found && (!words->number || told < words->number); told += found) {
		int status = explain_part(words, settings, name, &source, told, &found);
		worst = status > worst ? status : worst;
	}
	if (words->number && told < words->number && worst == STATUS_PASS)
		worst = complain(words->who, "'%s' has %zu hello%s, and no '--hello %zu'", name,
				 told, told == 1 ? "" : "s", words->number);
	arena_release(&arena);
	return worst;
}

static int explain_hex(const struct words *words, const struct settings *settings, const char *hex)
{
	struct arena arena;
	struct explained explained = { .file = { .name = "--hex", .arena = &arena },
				       .settings = settings,
				       .number = 1 };
	if (strspn(hex, "0123456789abcdefABCDEF: \t\r\n") != strlen(hex))
		return complain(words->who, "'--hex' has something else than hexadecimal digits, "
					    "blanks and colons");
	if (words->number > 1)
		return complain(words->who, "'--hex' has 1 hello, and no '--hello %zu'",
				words->number);
	arena_init(&arena, HELLO_ARENA_MAX);
	int status = explain_hello(words, &explained, span_text(hex));
	arena_release(&arena);
	return status;
}

static int open_settings(struct settings *out, struct policy *policy, struct arena *arena,
			 const struct words *words)
{
	int status = policy_open(out, policy, arena, words->who, words->policy, &words->set);
	if (status != STATUS_PASS)
		return status;
	out->strict = words->strict;
	if (words->at != DATE_NONE)
		out->today = words->at;
	for (unsigned c = CONDITION_NONE + 1; c <= CONDITION_CERTIFICATE_DSS; c++)
		settings_hold(out, (enum condition)c, words->holds[c]);
	return STATUS_PASS;
}

int command_explain(int argc, char **argv)
{
	struct words words = { .who = argv[0], .at = DATE_NONE };
	struct policy policy;
	struct settings settings;
	struct arena arena;
	int worst = options_parse(&argp, argc, argv, &words);
	if (worst != STATUS_PASS)
		return worst;
	if (!words.policy)
		return complain(argv[0], "say which policy, with '--policy': a name that 'tlsgauge "
					 "policy list' has, or a file");
	if (words.hellos_len == 0)
		words.hellos[words.hellos_len++] = "-";
	arena_init(&arena, POLICY_ARENA_MAX);
	worst = open_settings(&settings, &policy, &arena, &words);
	bool opened = worst == STATUS_PASS;
	for (size_t i = 0; opened && i < words.hellos_len; i++) {
		if (i && !words.json)
			putchar('\n');
		int status = words.hex[i] ? explain_hex(&words, &settings, words.hellos[i])
					  : explain_file(&words, &settings, words.hellos[i]);
		worst = status > worst ? status : worst;
	}
	arena_release(&arena);
	return worst;
}
