/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "cli/fuzz.h"
#include "cli/fuzz_write.h"
#include "cli/policy_source.h"
#include "registry/cipher_suite.h"
#include "transport/resolve.h"

#define WHY_MAX	   512
#define RESOLVE_MS 5000

static int setup_policy(struct fuzz *fuzz)
{
	const struct check_options *options = &fuzz->options->base;
	char why[WHY_MAX] = "";
	if (policy_load(&fuzz->policy, &fuzz->arena, options->policy) != FAULT_NONE)
		return STATUS_USAGE;
	settings_init(&fuzz->settings, &fuzz->policy,
		      options->at == DATE_NONE ? date_today() : options->at);
	fuzz->settings.strict = options->strict;
	for (size_t i = 0; i < options->set_len; i++)
		if (settings_set(&fuzz->settings, span_text(options->set[i]), why, sizeof(why)) !=
		    FAULT_NONE)
			return complain(options->who, "%s", why);
	return STATUS_PASS;
}

static int setup_target(struct fuzz *fuzz, struct target *out, const char *text)
{
	const char *who = fuzz->options->base.who;
	const struct upgrade *over = upgrade_by_name(span_text(fuzz->policy.over));
	char why[WHY_MAX] = "";
	if (!over)
		return complain(who, "policy '%s' is over '%s', which this release does not speak",
				fuzz->policy.name, fuzz->policy.over);
	if (target_parse(out, text, over, why, sizeof(why)) != FAULT_NONE)
		return complain(who, "'%s': %s", text, why);
	return STATUS_PASS;
}

static bool is_loopback(const struct address *address)
{
	if (address->any.sa_family == AF_INET)
		return ntohl(address->v4.sin_addr.s_addr) >> 24 == 127;
	return IN6_IS_ADDR_LOOPBACK(&address->v6.sin6_addr);
}

/* Fuzzing is an attack on whoever does not expect it. */
static int setup_address(struct fuzz *fuzz, const struct target *target, struct address *out)
{
	const struct fuzz_options *options = fuzz->options;
	struct addresses found;
	char why[WHY_MAX] = "";
	if (resolve_host(&found, target->host, target->port, options->base.resolver, RESOLVE_MS,
			 why, sizeof(why)) != FAULT_NONE) {
		complain(options->base.who, "%s", why);
		return STATUS_INCONCLUSIVE;
	}
	*out = found.items[0];
	for (size_t i = 0; i < found.len; i++)
		if (!is_loopback(&found.items[i]) && !options->allowed)
			return complain(options->base.who,
					"%s is not on the loopback interface: say "
					"'--i-am-allowed-to-test-this' if you are",
					found.items[i].text);
	return STATUS_PASS;
}

static void setup_shape(struct fuzz *fuzz)
{
	const char *sni = fuzz->options->base.sni;
	fuzz->shape.alpn = fuzz->target.upgrade->alpn;
	fuzz->shape.server_name = fuzz->target.literal ? NULL : fuzz->target.host;
	if (sni)
		fuzz->shape.server_name = *sni ? sni : NULL;
	if (fuzz->options->alpn)
		fuzz->oracle.alpn = span_text(fuzz->options->alpn);
}

int fuzz_setup(struct fuzz *fuzz)
{
	const struct fuzz_options *options = fuzz->options;
	arena_init(&fuzz->arena, FUZZ_ARENA_MAX);
	arena_init(&fuzz->keep, RUN_ARENA_MAX);
	arena_init(&fuzz->ask_keep, RUN_ARENA_MAX);
	arena_init(&fuzz->scratch, FUZZ_ARENA_MAX);
	arena_init(&fuzz->mutation, MUTATE_ARENA(GENERATED_MAX));
	int status = setup_policy(fuzz);
	if (status == STATUS_PASS)
		status = setup_target(fuzz, &fuzz->target, options->base.target);
	if (status == STATUS_PASS && options->against)
		status = setup_target(fuzz, &fuzz->against, options->against);
	if (status == STATUS_PASS)
		status = setup_address(fuzz, &fuzz->target, &fuzz->address);
	if (status == STATUS_PASS && options->against)
		status = setup_address(fuzz, &fuzz->against, &fuzz->against_address);
	if (status != STATUS_PASS)
		return status;
	setup_shape(fuzz);
	fuzz->oracle.settings = &fuzz->settings;
	fuzz->oracle.strict = options->base.strict_gate;
	generator_init(&fuzz->generator, options->base.seed, &fuzz->settings, &fuzz->shape,
		       fuzz->target.upgrade, &fuzz->mutation);
	novelty_init(&fuzz->novelty, &fuzz->arena);
	arena_init(&fuzz->shown, FUZZ_ARENA_MAX);
	arena_init(&fuzz->shrink_arena, SHRINK_ARENA(GENERATED_MAX));
	fuzz->shrink = arena_alloc(&fuzz->arena, sizeof(*fuzz->shrink));
	fuzz->finds = arena_array(&fuzz->arena, FUZZ_FINDS_MAX, sizeof(*fuzz->finds));
	return fuzz->arena.fault == FAULT_NONE
		       ? STATUS_PASS
		       : complain_fault(options->base.who, fuzz->arena.fault);
}

void fuzz_release(struct fuzz *fuzz)
{
	struct arena *const arenas[] = { &fuzz->arena,	 &fuzz->keep,	  &fuzz->ask_keep,
					 &fuzz->scratch, &fuzz->mutation, &fuzz->shrink_arena,
					 &fuzz->shown };
	for (size_t i = 0; fuzz->finds && i < FUZZ_FINDS_MAX; i++)
		arena_release(&fuzz->finds[i].arena);
	for (size_t i = 0; i < sizeof(arenas) / sizeof(arenas[0]); i++)
		arena_release(arenas[i]);
}

/* The hello that `check` would ask a control with: some suites that the policy accepts. */
static bool make_control(struct fuzz *fuzz, enum version version, const struct shape *shape,
			 struct fuzz_probe *out)
{
	const struct generator *generator = &fuzz->generator;
	struct probe probe = {
		.id = (uint32_t)version + 1,
		.seed = generator->seed,
		.version = version,
		.shape = shape,
		.upgrade = fuzz->target.upgrade,
	};
	for (size_t i = 0; i < generator->accepted_len[version] && i < SUITE_SET_MAX; i++)
		probe.suites[probe.suites_len++] = generator->accepted[version][i];
	uint8_t *bytes = arena_alloc(&fuzz->arena, PROBE_HELLO_MAX);
	if (!probe.suites_len || !bytes)
		return false;
	struct builder b;
	builder_init(&b, bytes, PROBE_HELLO_MAX, NULL, 0);
	probe_encode(&b, &probe, NULL);
	if (builder_fault(&b) != FAULT_NONE)
		return false;
	*out = (struct fuzz_probe){ .bytes = builder_view(&b) };
	fuzz_read(fuzz, out, &fuzz->arena);
	return true;
}

/* By the version that was asked for; a ServerHello that is wrong in itself is one all the same. */
static bool is_taken(const struct observation *seen, enum version version)
{
	bool wrong = seen->violation != VIOLATION_NONE;
	if (seen->outcome == OUTCOME_SERVER_HELLO || seen->outcome == OUTCOME_HELLO_RETRY_REQUEST)
		return seen->version == version || wrong;
	return seen->outcome == OUTCOME_GARBAGE && wrong;
}

/* An endpoint that does not bear an extension of the usual hello may bear one without any. */
static enum fault ask_control(struct fuzz *fuzz, enum version version, struct fuzz_probe *control)
{
	struct shape bare = fuzz->shape;
	struct fuzz_probe other;
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, control, 1);
	bare.bare = true;
	if (fault != FAULT_NONE || is_taken(&control->seen, version) || version == TLS1_3 ||
	    !observation_is_rejection(&control->seen) ||
	    !make_control(fuzz, version, &bare, &other))
		return fault;
	fault = fuzz_ask(fuzz, &fuzz->address, &other, 1);
	if (fault == FAULT_NONE && is_taken(&other.seen, version))
		*control = other;
	return fault;
}

/* RFC 5246 7.4.1.3: what is below the version asked for is the highest that the endpoint has. */
static bool is_answered_below(struct anomaly *out, const struct demand *demand,
			      const struct observation *seen)
{
	char subject[ANOMALY_KEY_MAX - 16];
	if (seen->outcome != OUTCOME_SERVER_HELLO || seen->version >= demand->highest)
		return false;
	*out = (struct anomaly){
		.kind = ANOMALY_REFUSED,
		.inferred = demand->inferred,
		.ruling = demand->ruling,
	};
	snprintf(subject, sizeof(subject), "%s/below", version_name(demand->highest));
	anomaly_key(out, subject);
	return true;
}

/* A version that the policy accepts by name, and whose control is refused: that is a finding of its
 * own, though no control stands beside it but that of another version. */
static enum fault note_refused(struct fuzz *fuzz, enum version version, struct fuzz_probe *control)
{
	char phrase[SERVER_MESSAGE_MAX + 256];
	struct anomaly anomaly;
	struct demand demand = {
		.kind = DEMAND_ACCEPT,
		.highest = version,
		.ruling = policy_version(&fuzz->settings, version),
	};
	if (demand.ruling.kind != RULING_ACCEPT)
		return FAULT_NONE;
	demand.inferred = demand.ruling.inferred;
	enum fault fault = fuzz_ask(fuzz, &fuzz->address, control, 1);
	if (fault != FAULT_NONE)
		return fault;
	/* Suites that the policy only allows may all be refused; a lower version needs no excuse.
	 */
	bool owed = control->demand.ruling.kind == RULING_ACCEPT;
	if (!is_answered_below(&anomaly, &demand, &control->seen) &&
	    (!owed ||
	     !oracle_judge(&anomaly, &fuzz->oracle, &control->reading, &demand, &control->seen)))
		return FAULT_NONE;
	struct fuzz_find *find = fuzz_add(fuzz, &anomaly, NULL, control->bytes);
	if (!find)
		return FAULT_NONE;
	observation_describe(phrase, sizeof(phrase), &control->seen);
	find->detail = arena_text(&find->arena, span_text(phrase));
	find->received = arena_copy(&find->arena, control->received);
	find->outcome = control->seen.outcome;
	find->confirmed = true;
	find->cause = "the control itself";
	fuzz_keep_find(fuzz, find);
	return find->arena.fault;
}

static void take_control(struct fuzz *fuzz, enum version version, const struct fuzz_probe *control)
{
	fuzz->oracle.taken |= VERSION_BIT(version);
	fuzz->oracle.controls[version] = control->reading;
	fuzz->oracle.random = control->seen.random;
	fuzz->control = *control;
}

int fuzz_controls(struct fuzz *fuzz)
{
	const char *who = fuzz->options->base.who, *why = NULL;
	struct fuzz_probe controls[VERSIONS_LEN];
	bool asked[VERSIONS_LEN] = { false };
	for (enum version v = SSLV3; v <= TLS1_3; v++) {
		if (!make_control(fuzz, v, &fuzz->shape, &controls[v]))
			continue;
		enum fault fault = ask_control(fuzz, v, &controls[v]);
		if (fault != FAULT_NONE)
			return complain_fault(who, fault);
		asked[v] = true;
		if (is_taken(&controls[v].seen, v))
			take_control(fuzz, v, &controls[v]);
		else if (controls[v].seen.message)
			why = arena_text(&fuzz->arena, span_text(controls[v].seen.message));
	}
	if (!fuzz->oracle.taken) {
		complain(who,
			 "%s takes none of the hellos that the policy accepts%s%s: there is "
			 "no control to fuzz beside",
			 fuzz->address.text, why ? ", " : "", why ? why : "");
		return STATUS_INCONCLUSIVE;
	}
	enum fault fault = FAULT_NONE;
	for (enum version v = SSLV3; v <= TLS1_3 && fault == FAULT_NONE; v++)
		if (asked[v] && !(fuzz->oracle.taken & VERSION_BIT(v)))
			fault = note_refused(fuzz, v, &controls[v]);
	return fault == FAULT_NONE ? STATUS_PASS : complain_fault(who, fault);
}
