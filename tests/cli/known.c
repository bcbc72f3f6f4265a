/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_known.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FINDINGS 3

/* One run with a failure, a pass and an inconclusive cell, and a file of what is known. */
struct scene {
	struct check_options options;
	struct check check;
	struct check_run run;
	struct finding findings[FINDINGS];
	char path[64];
};

static const char *values[] = { "Off", "On" };
static struct setting setting = { .name = "enforcement", .values = values, .values_len = 2 };

static void scene_init(struct scene *scene, const char *file)
{
	static const enum verdict verdicts[] = { VERDICT_FAIL, VERDICT_PASS, VERDICT_INCONCLUSIVE };
	static const char *const ids[] = { "suite/TLS1.2/A", "suite/TLS1.2/B", "plaintext" };
	*scene = (struct scene){ .options = { .who = "test" }, .path = "known.XXXXXX" };
	int fd = mkstemp(scene->path);
	cr_assert_geq(fd, 0);
	cr_assert_eq(write(fd, file, strlen(file)), (ssize_t)strlen(file));
	close(fd);
	scene->check = (struct check){
		.options = &scene->options, .runs = &scene->run, .runs_len = 1, .runs_done = 1
	};
	scene->check.policy =
		(struct policy){ .name = "p", .settings = &setting, .settings_len = 1 };
	scene->check.has_policy = scene->check.proves_policy = true;
	scene->run.settings = (struct settings){ .policy = &scene->check.policy, .value = { 1 } };
	scene->run.result.policy = &scene->check.policy;
	arena_init(&scene->check.arena, 1 << 24);
	for (size_t i = 0; i < FINDINGS; i++) {
		scene->findings[i].verdict = verdicts[i];
		snprintf(scene->findings[i].id, FINDING_ID_MAX, "%s", ids[i]);
	}
	scene->run.result.findings = scene->findings;
	scene->run.result.findings_len = FINDINGS;
}

static int apply(struct scene *scene)
{
	struct known *known;
	struct check *check = &scene->check;
	const struct checks checks = {
		.items = &check, .len = 1, .options = &scene->options, .arena = &check->arena
	};
	int status = known_read(&known, &checks);
	return status == STATUS_PASS ? known_apply(known, &checks) : status;
}

static void scene_release(struct scene *scene)
{
	unlink(scene->path);
	arena_release(&scene->check.arena);
}

Test(expected, listed_failure_is_expected_and_says_why)
{
	struct scene scene;
	scene_init(&scene, "# a comment\n\nsuite/*/A  fail \"ticket 17\"\r\n");
	scene.options.expected = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_EXPECTED_FAIL);
	cr_assert_str_eq(scene.findings[0].remarks[0], "known: ticket 17");
	cr_assert_eq(scene.run.result.counts[VERDICT_EXPECTED_FAIL], 1);
	cr_assert_eq(scene.run.result.counts[VERDICT_FAIL], 0);
	scene_release(&scene);
}

Test(expected, failure_is_not_excused_by_an_expected_inconclusive)
{
	struct scene scene;
	scene_init(&scene,
		   "suite/TLS1.2/A inconclusive \"slow\"\nplaintext inconclusive \"slow\"\n");
	scene.options.expected = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_FAIL);
	cr_assert_eq(scene.findings[2].verdict, VERDICT_EXPECTED_FAIL);
	scene_release(&scene);
}

Test(expected, line_that_was_outlived_is_an_unexpected_pass)
{
	struct scene scene;
	scene_init(&scene, "suite/TLS1.2/B fail \"old\"\n");
	scene.options.expected = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[1].verdict, VERDICT_UNEXPECTED_PASS);
	scene_release(&scene);
}

Test(expected, pattern_that_holds_somewhere_leaves_its_passes_alone)
{
	struct scene scene;
	scene_init(&scene, "suite/* fail \"known\"\n");
	scene.options.expected = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_EXPECTED_FAIL);
	cr_assert_eq(scene.findings[1].verdict, VERDICT_PASS);
	scene_release(&scene);
}

Test(expected, line_without_reason_is_refused_with_its_number)
{
	struct scene scene;
	char sentence[128];
	cr_redirect_stderr();
	scene_init(&scene, "plaintext fail \"ok\"\nplaintext fail\n");
	scene.options.expected = scene.path;
	cr_assert_eq(apply(&scene), STATUS_USAGE);
	fflush(stderr);
	snprintf(sentence, sizeof(sentence),
		 "test: %s:2: a reason in double quotes ends the line\n", scene.path);
	cr_assert_stderr_eq_str(sentence);
	scene_release(&scene);
}

#define BASELINE(settings, findings)                                                               \
	"{\"schema\": \"tlsgauge.report/1\", \"run\": {\"policy\": \"p\"}, \"runs\": "             \
	"[{\"policy\": \"p\", \"settings\": {\"enforcement\": \"" settings                         \
	"\"}}], \"findings\": [" findings "]}"

Test(baseline, former_failure_is_known_and_a_repair_is_remarked)
{
	struct scene scene;
	scene_init(&scene, BASELINE("On", "{\"id\": \"suite/TLS1.2/A\", \"run\": 0, \"verdict\": "
					  "\"fail\"}, {\"id\": \"suite/TLS1.2/B\", \"run\": 0, "
					  "\"verdict\": \"expected_fail\"}"));
	scene.options.baseline = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_EXPECTED_FAIL);
	cr_assert_eq(scene.findings[1].verdict, VERDICT_PASS);
	cr_assert_str_eq(scene.findings[1].remarks[0], "repaired since the baseline");
	scene_release(&scene);
}

Test(baseline, failure_under_other_settings_is_new)
{
	struct scene scene;
	scene_init(&scene, BASELINE("Off", "{\"id\": \"suite/TLS1.2/A\", \"run\": 0, \"verdict\": "
					   "\"fail\"}"));
	scene.options.baseline = scene.path;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_FAIL);
	cr_assert_str_eq(scene.findings[0].remarks[0], "new since the baseline");
	scene_release(&scene);
}

Test(baseline, document_that_is_no_report_is_refused)
{
	struct scene scene;
	cr_redirect_stderr();
	scene_init(&scene, "{\"schema\": \"other/1\", \"findings\": []}");
	scene.options.baseline = scene.path;
	cr_assert_eq(apply(&scene), STATUS_USAGE);
	scene_release(&scene);
}

Test(baseline, cases_without_a_policy_have_a_baseline_too)
{
	struct scene scene;
	scene_init(&scene, "{\"schema\": \"tlsgauge.report/1\", \"run\": {}, \"runs\": [{}], "
			   "\"findings\": [{\"id\": \"case/a.b/TLS1.2\", \"run\": 0, "
			   "\"verdict\": \"fail\"}]}");
	scene.check.has_policy = scene.check.proves_policy = false;
	scene.run.result.policy = NULL;
	scene.options.baseline = scene.path;
	snprintf(scene.findings[0].id, FINDING_ID_MAX, "case/a.b/TLS1.2");
	scene.findings[0].verdict = VERDICT_FAIL;
	cr_assert_eq(apply(&scene), STATUS_PASS);
	cr_assert_eq(scene.findings[0].verdict, VERDICT_EXPECTED_FAIL);
	scene_release(&scene);
}
