/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/case_prover_internal.h"

#define TIMEOUT_MS_DEFAULT 5000
#define CONTROL_QUIET_MS   1500 /* a control that is slow is no failure */
#define VERSION_TRIES	   3
#define SERIAL_QUIET_MS	   100
#define SERIAL_TESTS_MAX   3
#define SLOWER_BY	   10 /* than most controls: silence */
#define PATIENCE	   3

static unsigned timeout_ms(const struct case_prover *prover)
{
	return prover->options.timeout_ms ? prover->options.timeout_ms : TIMEOUT_MS_DEFAULT;
}

static unsigned at_most(uint64_t value, unsigned most)
{
	return value < most ? (unsigned)value : most;
}

/* The median: one control that had to wait for a busy machine says nothing. */
static uint64_t typical_us(const struct case_prover *prover)
{
	size_t len = prover->took_us.len;
	return len ? prover->took_us.at[len / 2] : 0;
}

static void note_took(struct case_prover *prover, uint64_t us)
{
	uint64_t *at = LIST_ADD(prover, prover->took_us);
	if (!at)
		return;
	for (; at > prover->took_us.at && at[-1] > us; at--)
		*at = at[-1];
	*at = us;
}

unsigned case_quiet_ms(const struct case_prover *prover, bool patient)
{
	unsigned least = prover->options.quiet_ms ? prover->options.quiet_ms : CASE_QUIET_MS;
	uint64_t slow = typical_us(prover) * SLOWER_BY / 1000;
	uint64_t quiet = slow > least ? slow : least;
	/* The engine ends a probe at the timeout: a silence has to fit in. */
	unsigned most = timeout_ms(prover) - timeout_ms(prover) / 4;
	return at_most(patient ? quiet * PATIENCE : quiet, most ? most : 1);
}

static struct case_setting setting_of(const struct case_prover *prover, enum version version)
{
	return (struct case_setting){
		.version = version,
		.server_name = prover->options.server_name,
		.alpn = prover->options.alpn,
		.seed = prover->options.seed,
		.stream = prover->next_id,
	};
}

void case_control_probe(struct case_prover *prover, struct probe *out, enum version version)
{
	struct conduct *conduct = arena_alloc(prover->arena, sizeof(*conduct));
	unsigned quiet = case_quiet_ms(prover, true);
	if (!conduct)
		return;
	if (prover->recovering)
		quiet = timeout_ms(prover);
	*conduct = (struct conduct){
		.setting = setting_of(prover, version),
		.is_control = true,
		.quiet_ms = at_most(quiet > CONTROL_QUIET_MS ? quiet : CONTROL_QUIET_MS,
				    timeout_ms(prover)),
	};
	out->conduct = conduct;
	out->patient = prover->recovering;
	out->version = version;
	out->purpose = PURPOSE_CONTROL;
	out->question = UINT32_MAX - (uint32_t)version;
	prover->controls++;
}

/* The first three bytes of a record, and then nothing: a served connection that costs nothing. */
void case_silence_probe(struct case_prover *prover, struct probe *out)
{
	static const uint8_t bytes[] = { 0x16, 0x03, 0x01 };
	static const struct element element = { .kind = ELEMENT_BYTES,
						.bytes = { bytes, sizeof(bytes) } };
	static struct item item = {
		.kind = ITEM_RAW, .times = 1, .name = "bytes", .body = { &element, 1 }
	};
	static struct step step = { .kind = STEP_SEND, .items = &item, .items_len = 1 };
	static struct expectation expectation = { .kind = EXPECT_TIMEOUT };
	static const struct conformance_case silence = {
		.name = "silence",
		.theme = "",
		.steps = &step,
		.steps_len = 1,
		.expectations = &expectation,
		.expectations_len = 1,
	};
	prover->silence = (struct conduct){
		.of = &silence,
		.setting = setting_of(prover, prover->home),
		.quiet_ms = at_most(SERIAL_QUIET_MS + typical_us(prover) * SLOWER_BY / 1000,
				    timeout_ms(prover) / 2),
	};
	out->conduct = &prover->silence;
	out->version = prover->home;
	out->purpose = PURPOSE_FEATURE;
	out->question = UINT32_MAX - VERSIONS_LEN;
}

/* In the middle of its flight: every further control would have to wait for that as well. */
static bool falls_silent(const struct observation *seen)
{
	return seen->outcome == OUTCOME_SERVER_HELLO && seen->version != TLS1_3 && seen->answer &&
	       seen->answer->server_hello && !seen->answer->flight_complete;
}

bool case_control_succeeded(const struct observation *seen, enum version version)
{
	if (seen->outcome == OUTCOME_HELLO_RETRY_REQUEST)
		return version == TLS1_3;
	/* An endpoint that breaks a rule in its ServerHello or behind it is there, and what it
	 * broke is judged by every case. */
	bool answers = seen->answer && (seen->answer->server_hello || seen->answer->broken);
	if (seen->outcome == OUTCOME_GARBAGE && answers)
		return seen->version == version || seen->version == VERSION_NONE;
	return seen->outcome == OUTCOME_SERVER_HELLO && seen->version == version &&
	       !falls_silent(seen);
}

static void mark(struct case_prover *prover, enum version version, const struct observation *seen,
		 bool success)
{
	struct control_mark *at = LIST_ADD(prover, prover->marks);
	if (at)
		*at = (struct control_mark){ seen->started_us, seen->ended_us, version, success };
}

static void take_success(struct case_prover *prover, enum version version,
			 const struct observation *seen)
{
	uint64_t us = seen->ended_us > seen->started_us ? seen->ended_us - seen->started_us : 0;
	mark(prover, version, seen, true);
	prover->good[version] = true;
	if (seen->answer)
		prover->control_random[version] = seen->answer->random;
	/* What waited behind the silence says nothing about speed. */
	if (prover->stage != STAGE_SERIAL)
		note_took(prover, us);
	if (prover->recovering && prover->failed_version == version) {
		prover->recovering = prover->failed = false;
		prover->returned = true;
	}
}

void case_failure_take(struct case_prover *prover, enum version version,
		       const struct observation *seen)
{
	memset(prover->good, 0, sizeof(prover->good));
	if (prover->stage == STAGE_SERIAL) {
		prover->serial = true;
		return;
	}
	mark(prover, version, seen, false);
	prover->silent_tries += seen->outcome == OUTCOME_TIMEOUT;
	if (prover->failed)
		return;
	prover->failed = true;
	/* An endpoint that falls silent may have been asked too much at a time. */
	if (seen->outcome == OUTCOME_TIMEOUT)
		prover->limit = prover->limit ? 1 : (prover->options.concurrency + 3) / 4;
	prover->failed_version = version;
	prover->failure = *seen;
	prover->failures++;
	prover->tries = prover->silent_tries = 0;
}

static void take_version(struct case_prover *prover, enum version version,
			 const struct observation *seen, bool success)
{
	unsigned tries = ++prover->version_tries[version];
	prover->version_answer[version] = *seen;
	if (success)
		prover->accepts[version] = PRESENCE_YES;
	else if (falls_silent(seen))
		prover->accepts[version] = tries < 2 ? PRESENCE_OPEN : PRESENCE_UNKNOWN;
	else if (observation_is_answer(seen))
		prover->accepts[version] = PRESENCE_NO;
	else if (seen->outcome == OUTCOME_UNREACHABLE || tries >= VERSION_TRIES)
		prover->accepts[version] = PRESENCE_UNKNOWN;
	if (success)
		take_success(prover, version, seen);
}

void case_control_take(struct case_prover *prover, enum version version,
		       const struct observation *seen)
{
	bool success = case_control_succeeded(seen, version);
	prover->controls_failed += !success && prover->stage != STAGE_VERSIONS;
	if (prover->stage == STAGE_SERIAL)
		prover->serial_control = *seen;
	if (prover->stage == STAGE_VERSIONS)
		take_version(prover, version, seen, success);
	else if (success)
		take_success(prover, version, seen);
	else
		case_failure_take(prover, version, seen);
}

/* The success that is the first after the trial, or the last before it; NULL without one. */
static const struct control_mark *nearest(const struct case_prover *prover,
					  const struct trial *trial, bool after)
{
	const struct observation *seen = &trial->latest;
	const struct control_mark *best = NULL;
	for (size_t i = 0; i < prover->marks.len; i++) {
		const struct control_mark *at = &prover->marks.at[i];
		if (!at->success || at->version != trial->version)
			continue;
		if (after && at->started_us >= seen->ended_us &&
		    (!best || at->started_us < best->started_us))
			best = at;
		if (!after && at->ended_us <= seen->started_us &&
		    (!best || at->ended_us > best->ended_us))
			best = at;
	}
	return best;
}

static bool failed_between(const struct case_prover *prover, uint64_t from, uint64_t until)
{
	for (size_t i = 0; i < prover->marks.len; i++) {
		const struct control_mark *at = &prover->marks.at[i];
		if (!at->success && at->ended_us >= from && at->started_us <= until)
			return true;
	}
	return false;
}

bool case_closed(const struct case_prover *prover, const struct trial *trial)
{
	const struct control_mark *after = nearest(prover, trial, true);
	return after && !failed_between(prover, trial->latest.started_us, after->started_us);
}

/* As window.c has it, for the control of the trial's own version. */
bool case_covered(const struct case_prover *prover, const struct trial *trial)
{
	const struct control_mark *before = nearest(prover, trial, false);
	const struct control_mark *after = nearest(prover, trial, true);
	return before && after && !failed_between(prover, before->ended_us, after->started_us);
}

bool case_broken_off(const struct case_prover *prover, const struct trial *trial)
{
	const struct control_mark *after = nearest(prover, trial, true);
	uint64_t until = after ? after->started_us : UINT64_MAX;
	for (size_t i = 0; i < prover->marks.len; i++) {
		const struct control_mark *at = &prover->marks.at[i];
		if (!at->success && at->version == VERSION_NONE &&
		    at->ended_us >= trial->latest.started_us && at->started_us <= until)
			return true;
	}
	return false;
}

static bool has_homeless(const struct case_prover *prover)
{
	for (size_t i = 0; i < prover->cases_len; i++)
		if (!prover->trials.at[i].settled && prover->trials.at[i].version == VERSION_NONE)
			return true;
	return false;
}

static const version_set modern =
	VERSION_BIT(TLS1_0) | VERSION_BIT(TLS1_1) | VERSION_BIT(TLS1_2) | VERSION_BIT(TLS1_3);

static version_set versions_in(const struct case_prover *prover, enum presence presence)
{
	version_set out = 0;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++)
		if ((prover->wanted & VERSION_BIT(v)) && prover->accepts[v] == presence)
			out |= VERSION_BIT(v);
	return out;
}

/* The versions that are still open, further ones included where those do not suffice. */
static version_set versions_due(struct case_prover *prover)
{
	bool homeless = has_homeless(prover);
	if (homeless)
		prover->wanted |= VERSION_BIT(TLS1_2);
	bool settled = !versions_in(prover, PRESENCE_OPEN);
	if (settled && ((homeless && prover->accepts[TLS1_2] != PRESENCE_YES) ||
			!versions_in(prover, PRESENCE_YES)))
		prover->wanted |= modern;
	for (enum version v = SSLV2; v < VERSIONS_LEN; v++) {
		bool able =
			!prover->options.supports_version || prover->options.supports_version(v);
		if (!able || v == SSLV2)
			prover->accepts[v] = PRESENCE_NO;
	}
	return versions_in(prover, PRESENCE_OPEN);
}

static bool is_member(const struct case_prover *prover, const struct trial *trial)
{
	size_t len = 0;
	const uint32_t *members = case_members(prover->arena, trial->of, prover->home, &len);
	for (size_t i = 0; members && i < len; i++)
		if (members[i] == trial->member)
			return true;
	return false;
}

static void give_homes(struct case_prover *prover)
{
	static const enum version order[] = { TLS1_2, TLS1_3, TLS1_1, TLS1_0, SSLV3 };
	for (size_t i = sizeof(order) / sizeof(order[0]); i-- > 0;)
		if (prover->accepts[order[i]] == PRESENCE_YES)
			prover->home = order[i];
	for (size_t i = 0; i < prover->cases_len; i++) {
		struct trial *trial = &prover->trials.at[i];
		if (trial->version != VERSION_NONE)
			continue;
		trial->version = prover->home;
		if (!trial->settled && prover->home != TLS1_2 && !is_member(prover, trial))
			case_trial_settle(trial, (struct assessment){
							 .verdict = VERDICT_NOT_APPLICABLE,
							 .reason = "the base hello of the version "
								   "that is accepted has no such "
								   "member" });
	}
}

/* The control was answered, and so that no version can come of it: then that is its own finding. */
static const char *control_broken(const struct case_prover *prover, enum version version)
{
	const struct observation *seen = &prover->version_answer[version];
	if (falls_silent(seen))
		return "silence before the end of the flight (RFC 5246 7.4.5)";
	/* What another protocol says in clear is no answer of TLS. */
	if (seen->outcome == OUTCOME_GARBAGE && seen->layer == LAYER_TLS && !seen->cut_off)
		return seen->answer && seen->answer->broken ? seen->answer->broken : seen->message;
	if (seen->outcome == OUTCOME_SERVER_HELLO && seen->version != version)
		return "that version is refused where it is asked for (RFC 5246 E.1)";
	return NULL;
}

static bool expects_hello(const struct conformance_case *of)
{
	return of->expectations_len && of->expectations[0].kind == EXPECT_SERVER_HELLO &&
	       !of->expectations[0].tolerated && !of->needs_len;
}

struct assessment case_without_control(struct case_prover *prover, const struct trial *trial,
				       enum version version, const char *why)
{
	char phrase[SERVER_MESSAGE_MAX];
	const char *broken = control_broken(prover, version);
	if (!broken || !expects_hello(trial->of))
		return (struct assessment){ .verdict = VERDICT_INCONCLUSIVE, .reason = why };
	observation_describe(phrase, sizeof(phrase), &prover->version_answer[version]);
	return (struct assessment){
		.verdict = VERDICT_FAIL,
		.reason = arena_printf(prover->arena,
				       "a ServerHello is due, and even the base hello of %s got: "
				       "%s: %s",
				       version_name(version), phrase, broken),
	};
}

/* Where nothing is accepted, no answer says anything about a rule. */
static void settle_without_control(struct case_prover *prover)
{
	char phrase[SERVER_MESSAGE_MAX];
	enum version shown = TLS1_2;
	for (enum version v = SSLV3; v < VERSIONS_LEN; v++)
		if (prover->version_answer[v].outcome != OUTCOME_NONE &&
		    prover->version_answer[shown].outcome == OUTCOME_NONE)
			shown = v;
	observation_describe(phrase, sizeof(phrase), &prover->version_answer[shown]);
	const char *why = arena_printf(prover->arena,
				       "no control: the endpoint accepts no base hello; at %s: %s",
				       version_name(shown), phrase);
	case_note(prover, why);
	for (size_t i = 0; i < prover->trials.len; i++) {
		struct trial *trial = &prover->trials.at[i];
		enum version version = trial->version == VERSION_NONE ? shown : trial->version;
		if (!trial->settled)
			case_trial_settle(trial, case_without_control(prover, trial, version, why));
	}
	prover->stage = STAGE_DONE;
}

bool case_versions_advance(struct case_prover *prover)
{
	bool open = false;
	for (size_t i = 0; i < prover->cases_len; i++)
		open = open || !prover->trials.at[i].settled;
	if (!open) {
		prover->stage = STAGE_DONE;
		return false;
	}
	prover->due = versions_due(prover);
	if (prover->due)
		return true;
	if (!versions_in(prover, PRESENCE_YES)) {
		settle_without_control(prover);
		return false;
	}
	/* Silence, thrice, while another version is answered: that is how it is refused here. */
	for (enum version v = SSLV3; v < VERSIONS_LEN; v++)
		if (prover->accepts[v] == PRESENCE_UNKNOWN &&
		    prover->version_answer[v].outcome == OUTCOME_TIMEOUT)
			prover->accepts[v] = PRESENCE_NO;
	give_homes(prover);
	prover->stage = STAGE_SERIAL;
	return true;
}

static void test_serial(struct case_prover *prover)
{
	prover->serial_tests++;
	prover->silence_due = true;
	prover->due = VERSION_BIT(prover->home);
}

/*
 * A control that had to wait until the silent connection ended shows a server that serves one at a
 * time (openssl s_server, gnutls-serv once a first byte has come), or a busy machine: so it is
 * asked again.
 */
static bool is_serial_open(struct case_prover *prover)
{
	const struct observation *silent = &prover->silent_answer;
	const struct observation *control = &prover->serial_control;
	bool waited = silent->outcome == OUTCOME_TIMEOUT &&
		      control->started_us < silent->ended_us &&
		      control->ended_us >= silent->ended_us;
	prover->serial_votes += waited;
	bool decided = !prover->serial_votes || prover->serial_votes == 2 ||
		       prover->serial_tests == SERIAL_TESTS_MAX;
	if (decided && prover->serial_votes >= 2)
		prover->serial = true;
	return !decided;
}

bool case_serial_advance(struct case_prover *prover)
{
	if (prover->options.concurrency == 1) {
		prover->serial = true;
	} else if (!prover->serial && (!prover->serial_tests || is_serial_open(prover))) {
		test_serial(prover);
		return true;
	}
	/* The first controls waited for each other. */
	if (prover->serial)
		prover->took_us.len = 0;
	prover->stage = STAGE_FEATURES;
	case_plan_features(prover);
	return true;
}
