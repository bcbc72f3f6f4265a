/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <unistd.h>

#include "cli/selftest.h"

/* The endpoint is in this process: what it does not say at once it does not say. */
#define QUIET_MS       60
#define TIMEOUT_MS     1000
#define TIMEOUT_INTACT 5000
#define CONCURRENCY    32

/* A policy under which an endpoint shows its defects; `set` ends with NULL. */
struct habitat {
	const char *policy, *set[3];
};

enum habitat_id {
	HABITAT_STRICT,
	HABITAT_PLAINTEXT,
	HABITAT_OLD,
	HABITATS_LEN,
};

static const struct habitat habitats[HABITATS_LEN] = {
	[HABITAT_STRICT] = { CHECK_POLICY, { "minimum_tls_version=TLS1_2" } },
	[HABITAT_PLAINTEXT] = { CHECK_POLICY,
				{ "minimum_tls_version=TLS1_2", "ssl_enforcement=Disabled" } },
	/* TLS 1.0 to 1.2, finite-field Diffie-Hellman, CBC suites of every kind. */
	[HABITAT_OLD] = { "mozilla-intermediate-4.0", { NULL } },
};

/* What the strict policy does not show. */
static const struct {
	enum defect defect;
	enum habitat_id habitat;
} elsewhere[] = {
	{ DEFECT_REFUSES_PLAINTEXT, HABITAT_PLAINTEXT },
	{ DEFECT_ACCEPTS_PROTOCOL_2, HABITAT_PLAINTEXT },
	{ DEFECT_NO_DOWNGRADE_SENTINEL, HABITAT_OLD },
	{ DEFECT_IGNORES_FALLBACK_SCSV, HABITAT_OLD },
	{ DEFECT_IGNORES_FFDHE_GROUPS, HABITAT_OLD },
	{ DEFECT_OMITS_ENCRYPT_THEN_MAC, HABITAT_OLD },
};

static enum habitat_id habitat_of(enum defect defect)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (elsewhere[i].defect == defect)
			return elsewhere[i].habitat;
	return HABITAT_STRICT;
}

/*
 * An endpoint that falls silent, that answers now so and now so, or that speaks no language, breaks
 * no rule that another run might not find kept: what it shows is inconclusive, and passes nothing.
 */
static const enum defect mute[] = {
	DEFECT_NEVER_ANSWERS,
	DEFECT_DRIBBLES,
	DEFECT_HANGS_AT_SSLREQUEST,
	DEFECT_ANSWERS_LOWER_CASE,
	DEFECT_HANGS_AFTER_SERVER_HELLO,
	DEFECT_OMITS_SERVER_HELLO_DONE,
	DEFECT_HANGS_SILENTLY,
	DEFECT_INTOLERANT_OF_256_TO_511,
	DEFECT_DROPS_EVERY_THIRD,
	DEFECT_ECHOES_LOWER_VERSION,
	DEFECT_IGNORES_BAD_MAC,
};

static bool is_mute(enum defect defect)
{
	for (size_t i = 0; i < sizeof(mute) / sizeof(mute[0]); i++)
		if (mute[i] == defect)
			return true;
	return false;
}

/* A case is shown by its silence, or by not being asked at all; not by answers that differ. */
static bool is_telling(enum defect defect, const struct finding *finding)
{
	enum outcome outcome = finding->observed.outcome;
	if (finding->verdict != VERDICT_INCONCLUSIVE || !is_mute(defect))
		return finding->verdict == VERDICT_FAIL;
	return !finding->of || outcome == OUTCOME_TIMEOUT || outcome == OUTCOME_NONE;
}

/* One habitat's check, and the options that make it. */
struct stand {
	struct check_options options;
	struct check check;
	struct case_source every;
	const char **tolerated; /* what the intact endpoint does not do to the letter */
	size_t tolerated_len;
};

static const char *settings_text(struct arena *arena, const struct habitat *habitat)
{
	const char *out = habitat->set[0] ? habitat->set[0] : "";
	for (size_t i = 1; habitat->set[0] && habitat->set[i]; i++)
		out = arena_printf(arena, "%s %s", out, habitat->set[i]);
	return out;
}

static int stand_prepare(struct stand *stand, const struct selftest *test,
			 const struct habitat *habitat)
{
	struct check_options *options = &stand->options;
	*options = *test->options;
	options->only = NULL;
	options->quiet = true;
	options->verbose = false;
	options->policy = habitat->policy;
	options->cases[options->cases_len++] = "all";
	while (options->set_len < 2 && habitat->set[options->set_len]) {
		options->set[options->set_len] = habitat->set[options->set_len];
		options->set_len++;
	}
	if (!options->concurrency)
		options->concurrency = CONCURRENCY;
	stand->check.options = options;
	arena_init(&stand->check.arena, RUN_ARENA_MAX);
	int status = check_setup(&stand->check);
	stand->every = stand->check.cases;
	return status;
}

/* --- one run --- */

static void keep(struct selftest *test, struct selftest_item *item, const struct finding *finding)
{
	if (item->catches_len == SELFTEST_CATCHES_MAX)
		return;
	item->catches[item->catches_len++] = (struct selftest_catch){
		.id = arena_text(&test->arena, span_text(finding->id)),
		.reason =
			arena_text(&test->arena, span_text(finding->reason ? finding->reason : "")),
		.verdict = finding->verdict,
	};
}

static bool is_tolerated(const struct stand *stand, const struct finding *finding)
{
	for (size_t i = 0; i < stand->tolerated_len; i++)
		if (strcmp(stand->tolerated[i], finding->id) == 0)
			return true;
	return false;
}

static bool is_caught_by(const struct stand *stand, const struct selftest_item *item,
			 const struct finding *finding)
{
	const struct defect_description *defect = item->defect;
	return is_telling(defect->defect, finding) && !is_tolerated(stand, finding) &&
	       selftest_id_fits(defect->shows_in, finding->id) &&
	       selftest_rule_is_named(defect->rule, finding);
}

static void harvest_broken(struct selftest *test, const struct stand *stand,
			   struct selftest_item *item, const struct run_result *result)
{
	size_t named = 0;
	for (size_t i = 0; i < result->findings_len; i++)
		named += is_caught_by(stand, item, &result->findings[i]);
	/* Those that name the rule take the place of those that do not. */
	if (named && !item->named)
		item->catches_len = 0;
	item->named += named;
	item->good = item->named > 0;
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		bool names = is_caught_by(stand, item, finding);
		bool other =
			!names && finding->verdict == VERDICT_FAIL && !is_tolerated(stand, finding);
		item->others += other;
		if (names || (other && !item->named))
			keep(test, item, finding);
	}
}

static void harvest_intact(struct selftest *test, struct selftest_item *item,
			   const struct run_result *result)
{
	for (size_t i = 0; i < result->findings_len; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->verdict != VERDICT_FAIL && finding->verdict != VERDICT_INCONCLUSIVE &&
		    finding->verdict != VERDICT_ERROR)
			continue;
		item->others++;
		keep(test, item, finding);
	}
	item->good = !item->others;
}

static void harvest_tolerated(struct selftest *test, struct stand *stand,
			      const struct run_result *result)
{
	stand->tolerated =
		arena_array(&test->arena, result->findings_len + 1, sizeof(*stand->tolerated));
	for (size_t i = 0; stand->tolerated && i < result->findings_len; i++)
		if (result->findings[i].verdict == VERDICT_FAIL)
			stand->tolerated[stand->tolerated_len++] =
				arena_text(&test->arena, span_text(result->findings[i].id));
}

static int ask(struct selftest *test, struct stand *stand, struct selftest_item *item)
{
	struct check *check = &stand->check;
	struct check_run run;
	if (test->interrupted)
		return STATUS_PASS;
	stand->options.timeout_ms = test->options->timeout_ms;
	if (!stand->options.timeout_ms)
		stand->options.timeout_ms = item->defect ? TIMEOUT_MS : TIMEOUT_INTACT;
	check->quiet_ms = item->defect ? QUIET_MS : 0;
	check_run_init(check, &run, &check->settings);
	run.defect = item->defect ? item->defect->defect : DEFECT_NONE;
	int status = check_ask_endpoint(check, &run);
	if (status == STATUS_PASS && item->defect)
		harvest_broken(test, stand, item, &run.result);
	else if (status == STATUS_PASS && !stand->options.strict_gate)
		harvest_intact(test, item, &run.result);
	else if (status == STATUS_PASS)
		harvest_tolerated(test, stand, &run.result);
	item->duration_ms += run.engine.duration_us / 1000;
	test->interrupted = run.engine.interrupted;
	arena_release(&run.arena);
	return status;
}

/* --- which questions --- */

enum selection { CASES_ALL, CASES_THAT_CITE, CASES_THAT_DO_NOT };

/* The cases in which the defect may show; those that cite its rule are few and come first. */
static bool cases_select(struct stand *stand, const struct defect_description *defect,
			 enum selection selection)
{
	struct case_source *out = &stand->check.cases;
	const struct case_source *every = &stand->every;
	out->len = 0;
	out->at = arena_array(&stand->check.arena, every->len + 1, sizeof(*out->at));
	for (size_t i = 0; out->at && i < every->len; i++) {
		const struct conformance_case *of = every->at[i];
		char id[FINDING_ID_MAX];
		snprintf(id, sizeof(id), "case/%s", of->name);
		bool cites = defect && selftest_rule_is_cited(defect->rule, of);
		if (selection != CASES_ALL && (cites != (selection == CASES_THAT_CITE) ||
					       !selftest_id_fits(defect->shows_in, id)))
			continue;
		out->at[out->len++] = of;
	}
	return out->len > 0;
}

static int ask_cases(struct selftest *test, struct stand *stand, struct selftest_item *item,
		     enum selection selection)
{
	stand->check.proves_policy = false;
	if (!cases_select(stand, item->defect, selection))
		return STATUS_PASS;
	return ask(test, stand, item);
}

static int ask_policy(struct selftest *test, struct stand *stand, struct selftest_item *item)
{
	stand->check.proves_policy = true;
	stand->check.cases.len = 0;
	return ask(test, stand, item);
}

/* A defect may show in what is tolerated of others, so from here on all is asked to the letter. */
static int ask_to_the_letter(struct selftest *test, struct stand *stand, struct selftest_item *item)
{
	stand->options.strict_gate = true;
	stand->options.level = LEVEL_ROBUSTNESS;
	return ask_cases(test, stand, item, CASES_ALL);
}

static int try_endpoint(struct selftest *test, struct stand *stand, struct selftest_item *item)
{
	bool everything = !item->defect || test->options->thorough;
	int status = STATUS_PASS;
	if (everything || selftest_shows_beside_cases(item->defect->shows_in))
		status = ask_policy(test, stand, item);
	if (status == STATUS_PASS && everything)
		status = ask_cases(test, stand, item, CASES_ALL);
	if (status == STATUS_PASS && !item->defect)
		return ask_to_the_letter(test, stand, item);
	if (everything)
		return status;
	if (status == STATUS_PASS && !item->good)
		status = ask_cases(test, stand, item, CASES_THAT_CITE);
	if (status == STATUS_PASS && !item->good)
		status = ask_cases(test, stand, item, CASES_THAT_DO_NOT);
	return status;
}

/* --- all of them --- */

static bool is_selected(const struct selftest *test, const struct defect_description *defect)
{
	return !test->options->only || glob_match(test->options->only, defect->name);
}

static void item_add(struct selftest *test, const struct defect_description *defect, size_t habitat)
{
	test->items[test->items_len++] = (struct selftest_item){
		.defect = defect,
		.habitat = habitat,
		.policy = habitats[habitat].policy,
		.settings = settings_text(&test->arena, &habitats[habitat]),
	};
}

/* The intact endpoint of every habitat that is needed, then the defects. */
static int items_plan(struct selftest *test)
{
	const struct defect_description *defect;
	bool used[HABITATS_LEN] = { false };
	test->items = arena_array(&test->arena, HABITATS_LEN + DEFECTS_LEN, sizeof(*test->items));
	if (!test->items)
		return complain_fault(test->options->who, test->arena.fault);
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++)
		if (is_selected(test, defect))
			used[habitat_of(defect->defect)] = true;
	for (size_t i = 0; i < HABITATS_LEN; i++)
		if (used[i])
			item_add(test, NULL, i);
	if (!test->items_len)
		return complain(test->options->who,
				"no defect fits '--only %s'; see 'tlsgauge "
				"serve --list-defects'",
				test->options->only);
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++)
		if (is_selected(test, defect))
			item_add(test, defect, habitat_of(defect->defect));
	return STATUS_PASS;
}

static const char *item_name(const struct selftest_item *item)
{
	return item->defect ? item->defect->name : "intact";
}

static void progress_tell(const struct selftest *test, size_t i)
{
	if (test->options->verbose && i)
		fprintf(stderr, "%s%s after %llu ms\n", item_name(&test->items[i - 1]),
			test->items[i - 1].good || !test->items[i - 1].asked
				? ""
				: ": not as it should be",
			(unsigned long long)test->items[i - 1].duration_ms);
	if (test->options->quiet || test->options->verbose || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r\x1b[K");
	if (i < test->items_len)
		fprintf(stderr, "endpoint %zu of %zu", i + 1, test->items_len);
	fflush(stderr);
}

/* Keys take longer to make than most defects to find: the habitats share them. */
static int stands_prepare(struct stand *stands, struct selftest *test)
{
	bool used[HABITATS_LEN] = { false };
	int status = STATUS_PASS;
	struct check *first = NULL;
	for (size_t i = 0; i < test->items_len; i++)
		used[test->items[i].habitat] = true;
	for (size_t i = 0; i < HABITATS_LEN && status == STATUS_PASS; i++) {
		struct check *check = &stands[i].check;
		if (!used[i])
			continue;
		status = stand_prepare(&stands[i], test, &habitats[i]);
		if (status == STATUS_PASS && !first)
			status = check_make_identity(check);
		if (!first)
			first = check;
		check->identity = first->identity;
		check->trust = first->trust;
	}
	return status;
}

static void stands_release(struct stand *stands)
{
	bool shared = false;
	for (size_t i = 0; i < HABITATS_LEN; i++) {
		struct check *check = &stands[i].check;
		if (!check->options)
			continue;
		if (shared) {
			check->identity = NULL;
			check->trust = NULL;
		}
		shared = true;
		check_release(check);
	}
}

static int try_all(struct selftest *test)
{
	struct stand *stands = arena_array(&test->arena, HABITATS_LEN, sizeof(*stands));
	if (!stands)
		return complain_fault(test->options->who, test->arena.fault);
	int status = stands_prepare(stands, test);
	for (size_t i = 0; i < test->items_len && status == STATUS_PASS; i++) {
		struct selftest_item *item = &test->items[i];
		if (test->interrupted)
			break;
		progress_tell(test, i);
		/* The order of suites is read from policies, and judged by no probe of this
		 * release. */
		if (item->defect && item->defect->defect == DEFECT_PREFERS_THE_LAST)
			continue;
		status = try_endpoint(test, &stands[item->habitat], item);
		item->asked = !test->interrupted;
	}
	progress_tell(test, test->items_len);
	stands_release(stands);
	return status;
}

static int exit_status(const struct selftest *test)
{
	size_t asked = 0;
	for (size_t i = 0; i < test->items_len; i++) {
		const struct selftest_item *item = &test->items[i];
		if (item->asked && !item->good)
			return STATUS_FAIL;
		asked += item->asked && item->defect;
	}
	return test->interrupted || !asked ? STATUS_INCONCLUSIVE : STATUS_PASS;
}

int check_selftest(const struct check_options *options)
{
	struct selftest test = { .options = options };
	struct outputs outputs = { .len = 0 };
	arena_init(&test.arena, RUN_ARENA_MAX);
	int status = items_plan(&test);
	if (status == STATUS_PASS)
		status = outputs_open(&outputs, options);
	if (status == STATUS_PASS)
		status = try_all(&test);
	if (status == STATUS_PASS)
		status = selftest_tell(&test, &outputs);
	if (status == STATUS_PASS)
		status = exit_status(&test);
	outputs_release(&outputs);
	arena_release(&test.arena);
	return status;
}
