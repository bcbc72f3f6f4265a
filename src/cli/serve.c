/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "base/limits.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/policy_source.h"
#include "endpoint/endpoint.h"

#define SERVE_SETS_MAX 64
#define SERVE_POLICY   "azure-postgresql-single-server"
#define SERVE_NAME     "localhost"
#define WHY_MAX	       512
#define ADDRESS_MAX    64

enum serve_key {
	SERVE_KEY_POLICY = 256,
	SERVE_KEY_SET,
	SERVE_KEY_LISTEN,
	SERVE_KEY_OVER,
	SERVE_KEY_REFUSAL,
	SERVE_KEY_CA_OUT,
	SERVE_KEY_NAME,
	SERVE_KEY_DEFECT,
	SERVE_KEY_LIST_DEFECTS,
	SERVE_KEY_FORMAT,
	SERVE_KEY_QUIET = 'q',
};

static const struct argp_option table[] = {
	{ "policy", SERVE_KEY_POLICY, "NAME|FILE", 0, "the document to enforce", 1 },
	{ "set", SERVE_KEY_SET, "NAME=VALUE", 0, "the value in force of a documented setting", 1 },
	{ "listen", SERVE_KEY_LISTEN, "ADDRESS[:PORT]", 0,
	  "where to listen (127.0.0.1, on a free port)", 1 },
	{ "over", SERVE_KEY_OVER, "SCHEME", 0, "tls, postgresql or postgresql-direct", 1 },
	{ "version-refusal", SERVE_KEY_REFUSAL, "alert|error", 0,
	  "how a version below the minimum is turned away: by an alert, or by a PostgreSQL error "
	  "inside TLS",
	  1 },
	{ "ca-out", SERVE_KEY_CA_OUT, "FILE", 0, "write the roots to trust there, as PEM", 1 },
	{ "name", SERVE_KEY_NAME, "HOST", 0, "the host name in the certificates (localhost)", 1 },
	{ "defect", SERVE_KEY_DEFECT, "NAME", 0,
	  "break one rule; 'serve --list-defects' names them", 1 },
	{ "list-defects", SERVE_KEY_LIST_DEFECTS, NULL, 0, "say what can be broken, and end", 1 },
	{ "format", SERVE_KEY_FORMAT, "text|json", 0, "of that list (text)", 1 },
	{ "quiet", SERVE_KEY_QUIET, NULL, 0, "do not say where it listens", 1 },
	{ 0 },
};

static const char doc[] =
	"Run the reference endpoint: a TLS server that accepts what a policy's document accepts, "
	"and nothing else, until SIGINT or SIGTERM. Keys and certificates are made at the start. "
	"There is no database behind it: a session ends with a refused password."
	"\v"
	"Examples:\n"
	"  tlsgauge serve\n"
	"  tlsgauge serve --listen 127.0.0.1:5432 --ca-out ca.pem \\\n"
	"      --set minimum_tls_version=TLS1_2\n"
	"  tlsgauge serve --policy our.policy --over tls --name db.example\n"
	"  tlsgauge serve --set minimum_tls_version=TLS1_2 --defect accepts-tls10\n"
	"\n"
	"Its first line on standard output is 'listening on SCHEME://ADDRESS:PORT'.\n"
	"Exit status: 0 after a signal; 2 usage, or a policy that cannot be read; 4 a fault of the "
	"tool itself, such as an address in use.";

/* Texts point into argv; NULL where the option was not given. */
struct serve {
	const char *who, *policy, *listen, *over, *refusal, *ca_out, *name, *defect, *format;
	char *sets[SERVE_SETS_MAX];
	size_t sets_len;
	bool quiet, lists;

	char address[ADDRESS_MAX];
	uint16_t port;
	enum version_refusal version_refusal;
	enum defect broken;
	const struct upgrade *upgrade;
	struct arena arena;
	struct policy document;
	struct settings settings;
	struct endpoint_identity *identity;
};

static error_t text_take(struct serve *serve, const char **slot, const char *text)
{
	if (*slot && strcmp(*slot, text) != 0)
		return complain(serve->who, "'%s' and '%s' are given for one option", *slot, text);
	*slot = text;
	return 0;
}

static error_t set_take(struct serve *serve, char *text)
{
	size_t name_len = strcspn(text, "=") + 1;
	for (size_t i = 0; i < serve->sets_len; i++)
		if (strncmp(serve->sets[i], text, name_len) == 0 &&
		    strcmp(serve->sets[i], text) != 0)
			return complain(serve->who,
					"'--set %s' and '--set %s' contradict each other",
					serve->sets[i], text);
	if (serve->sets_len == SERVE_SETS_MAX)
		return complain(serve->who, "more than %d settings are given", SERVE_SETS_MAX);
	serve->sets[serve->sets_len++] = text;
	return 0;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
	struct serve *serve = state->input;
	switch (key) {
	case SERVE_KEY_POLICY:
		return text_take(serve, &serve->policy, text);
	case SERVE_KEY_SET:
		return set_take(serve, text);
	case SERVE_KEY_LISTEN:
		return text_take(serve, &serve->listen, text);
	case SERVE_KEY_OVER:
		return text_take(serve, &serve->over, text);
	case SERVE_KEY_REFUSAL:
		return text_take(serve, &serve->refusal, text);
	case SERVE_KEY_CA_OUT:
		return text_take(serve, &serve->ca_out, text);
	case SERVE_KEY_NAME:
		return text_take(serve, &serve->name, text);
	case SERVE_KEY_DEFECT:
		return text_take(serve, &serve->defect, text);
	case SERVE_KEY_LIST_DEFECTS:
		serve->lists = true;
		return 0;
	case SERVE_KEY_FORMAT:
		return text_take(serve, &serve->format, text);
	case SERVE_KEY_QUIET:
		serve->quiet = true;
		return 0;
	case ARGP_KEY_ARG:
		return complain(serve->who, "'%s' is not understood; it takes options only", text);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* ADDRESS, ADDRESS:PORT, [ADDRESS]:PORT; an IPv6 address with a port needs the brackets. */
static int listen_read(struct serve *serve)
{
	const char *text = serve->listen ? serve->listen : "127.0.0.1";
	const char *address = text, *end = text + strlen(text), *port = NULL;
	const char *colon = strrchr(text, ':');
	if (*text == '[') {
		const char *close = strchr(text, ']');
		if (!close || (close[1] != '\0' && close[1] != ':'))
			return complain(serve->who, "'--listen %s' is not ADDRESS[:PORT]", text);
		address = text + 1;
		end = close;
		port = close[1] ? close + 2 : NULL;
	} else if (colon && strchr(text, ':') == colon) {
		end = colon;
		port = colon + 1;
	}
	uint64_t number = 0;
	if (port && number_parse(&number, span_text(port), 0, UINT16_MAX) != FAULT_NONE)
		return complain(serve->who, "'--listen %s': '%s' is no port", text, port);
	struct in6_addr any;
	snprintf(serve->address, sizeof serve->address, "%.*s", (int)(end - address), address);
	if (inet_pton(AF_INET, serve->address, &any) != 1 &&
	    inet_pton(AF_INET6, serve->address, &any) != 1)
		return complain(serve->who, "'--listen %s': '%s' is no IP address", text,
				serve->address);
	serve->port = (uint16_t)number;
	return STATUS_PASS;
}

static int refusal_read(struct serve *serve)
{
	const char *text = serve->refusal ? serve->refusal : "alert";
	serve->version_refusal = strcmp(text, "error") == 0 ? REFUSE_BY_ERROR : REFUSE_BY_ALERT;
	if (serve->version_refusal == REFUSE_BY_ALERT && strcmp(text, "alert") != 0)
		return complain(serve->who, "'--version-refusal %s' is neither alert nor error",
				text);
	bool postgres = strncmp(serve->upgrade->name, "postgresql", strlen("postgresql")) == 0;
	if (serve->version_refusal == REFUSE_BY_ERROR && !postgres)
		return complain(serve->who, "'--version-refusal error' needs PostgreSQL, not '%s'",
				serve->upgrade->name);
	return STATUS_PASS;
}

static void defects_text(void)
{
	const struct defect_description *defect;
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++)
		printf("%-38s %s [%s]\n", defect->name, defect->sentence, defect->rule);
}

static int defects_json(const struct serve *serve)
{
	const struct defect_description *defect;
	json_t *list = json_array();
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++)
		json_array_append_new(list,
				      json_pack("{s:s, s:s, s:s, s:s}", "name", defect->name,
						"rule", defect->rule, "sentence", defect->sentence,
						"shows_in", defect->shows_in));
	bool written = json_dumpf(list, stdout, JSON_INDENT(2)) == 0;
	json_decref(list);
	putchar('\n');
	return written ? STATUS_PASS : complain_fault(serve->who, FAULT_NO_MEMORY);
}

static int defects_list(const struct serve *serve)
{
	const char *format = serve->format ? serve->format : "text";
	if (strcmp(format, "json") == 0)
		return defects_json(serve);
	if (strcmp(format, "text") != 0)
		return complain(serve->who, "'--format %s' is neither text nor json", format);
	defects_text();
	return STATUS_PASS;
}

static int defect_read(struct serve *serve)
{
	if (!serve->defect)
		return STATUS_PASS;
	const struct defect_description *defect = endpoint_defect_by_name(serve->defect);
	if (!defect)
		return complain(serve->who,
				"'--defect %s' is unknown; --list-defects names them all",
				serve->defect);
	serve->broken = defect->defect;
	return STATUS_PASS;
}

static int policy_read_in(struct serve *serve)
{
	const char *name = serve->policy ? serve->policy : SERVE_POLICY;
	if (policy_load(&serve->document, &serve->arena, name) != FAULT_NONE)
		return STATUS_USAGE;
	settings_init(&serve->settings, &serve->document, date_today());
	if (settings_apply(&serve->settings, serve->sets, serve->sets_len) != FAULT_NONE)
		return STATUS_USAGE;
	const char *over = serve->over ? serve->over : serve->document.over;
	serve->upgrade = upgrade_by_name(span_text(over));
	if (!serve->upgrade)
		return complain(serve->who, "'%s' is not spoken here; tls and postgresql are",
				over);
	return STATUS_PASS;
}

static int ca_write(const struct serve *serve)
{
	const char *pem = endpoint_identity_ca(serve->identity);
	if (!serve->ca_out)
		return STATUS_PASS;
	FILE *file = fopen(serve->ca_out, "we");
	bool written = file && fputs(pem, file) >= 0;
	if (file && fclose(file) != 0)
		written = false;
	if (!written)
		return complain(serve->who, "cannot write '%s': %s", serve->ca_out,
				strerror(errno));
	return STATUS_PASS;
}

/* The signals are blocked before any thread starts, so that only sigwait sees them. */
static int serve_until_signal(struct serve *serve)
{
	sigset_t signals;
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	struct endpoint_options options = {
		.settings = &serve->settings,
		.upgrade = serve->upgrade,
		.identity = serve->identity,
		.listen_address = serve->address,
		.port = serve->port,
		.version_refusal = serve->version_refusal,
		.defect = serve->broken,
	};
	char why[WHY_MAX] = "";
	struct endpoint *endpoint;
	if (endpoint_start(&endpoint, &options, why, sizeof why) != FAULT_NONE) {
		complain(serve->who, "%s", why);
		return STATUS_FAULT;
	}
	bool v6 = strchr(serve->address, ':') != NULL;
	if (!serve->quiet)
		printf("listening on %s://%s%s%s:%u\n", serve->upgrade->name, v6 ? "[" : "",
		       serve->address, v6 ? "]" : "", endpoint_port(endpoint));
	fflush(stdout);
	int signal;
	sigwait(&signals, &signal);
	endpoint_stop(endpoint);
	return STATUS_PASS;
}

static int serve_prepared(struct serve *serve)
{
	int status = listen_read(serve);
	if (status == STATUS_PASS)
		status = defect_read(serve);
	if (status == STATUS_PASS)
		status = policy_read_in(serve);
	if (status == STATUS_PASS)
		status = refusal_read(serve);
	if (status != STATUS_PASS)
		return status;
	const char *name = serve->name ? serve->name : SERVE_NAME;
	enum fault fault = endpoint_identity_make(&serve->identity, name);
	if (fault == FAULT_USAGE)
		return complain(serve->who, "'--name %s' is no host name", name);
	if (fault != FAULT_NONE)
		return complain_fault(serve->who, fault);
	status = ca_write(serve);
	return status == STATUS_PASS ? serve_until_signal(serve) : status;
}

int command_serve(int argc, char **argv)
{
	const struct argp argp = { .options = table, .parser = parse, .doc = doc };
	struct serve serve = { .who = argv[0] };
	int status = options_parse(&argp, argc, argv, &serve);
	if (status != STATUS_PASS)
		return status;
	if (serve.lists)
		return defects_list(&serve);
	if (serve.format)
		return complain(serve.who, "'--format' goes with '--list-defects'");
	arena_init(&serve.arena, POLICY_ARENA_MAX);
	status = serve_prepared(&serve);
	endpoint_identity_free(serve.identity);
	arena_release(&serve.arena);
	return status;
}
