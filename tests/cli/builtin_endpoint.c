/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/command.h"

#include <criterion/criterion.h>
#include <criterion/redirect.h>
#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A folder for one test's reports, and the document that was written there. */
struct folder {
	char path[32], report[64], argument[80];
	json_t *root;
};

static void folder_make(struct folder *folder)
{
	*folder = (struct folder){ .path = "report.XXXXXX" };
	cr_assert_not_null(mkdtemp(folder->path));
	snprintf(folder->report, sizeof(folder->report), "%s/out.json", folder->path);
	snprintf(folder->argument, sizeof(folder->argument), "--report=json=%s", folder->report);
}

static size_t folder_count(const struct folder *folder)
{
	size_t count = 0;
	DIR *directory = opendir(folder->path);
	for (const struct dirent *entry; (entry = readdir(directory));)
		count += entry->d_name[0] != '.';
	closedir(directory);
	return count;
}

static void folder_read(struct folder *folder)
{
	json_error_t error;
	folder->root = json_load_file(folder->report, JSON_REJECT_DUPLICATES, &error);
	cr_assert_not_null(folder->root, "%s", error.text);
}

static void folder_remove(struct folder *folder)
{
	json_decref(folder->root);
	unlink(folder->report);
	rmdir(folder->path);
}

static int check(const struct folder *folder, const char *option, const char *value)
{
	char words[5][96] = { "tlsgauge", "check" };
	char *argv[] = { words[0], words[1], words[2], words[3], words[4], NULL };
	snprintf(words[2], sizeof(words[2]), "%s", folder->argument);
	snprintf(words[3], sizeof(words[3]), "%s", option ? option : "");
	snprintf(words[4], sizeof(words[4]), "%s", value ? value : "");
	int argc = option ? 5 : 3;
	argv[argc] = NULL;
	return command_main(argc, argv);
}

Test(builtin_endpoint, every_value_of_every_setting_is_proven, .timeout = 120)
{
	struct folder folder;
	folder_make(&folder);
	cr_assert_eq(check(&folder, NULL, NULL), STATUS_PASS);
	folder_read(&folder);
	const json_t *runs = json_object_get(folder.root, "runs");
	/* Four values, two, four: the defaults are shared by all. */
	cr_assert_eq(json_array_size(runs), 8);
	for (size_t i = 0; i < json_array_size(runs); i++) {
		const json_t *summary = json_object_get(json_array_get(runs, i), "summary");
		cr_assert_gt(json_integer_value(json_object_get(summary, "pass")), 900);
		cr_assert_eq(json_integer_value(json_object_get(summary, "fail")), 0);
	}
	folder_remove(&folder);
}

Test(builtin_endpoint, given_setting_makes_one_run, .timeout = 120)
{
	struct folder folder;
	folder_make(&folder);
	cr_assert_eq(check(&folder, "--set", "minimum_tls_version=TLS1_2"), STATUS_PASS);
	folder_read(&folder);
	const json_t *run = json_object_get(folder.root, "run");
	const json_t *settings = json_object_get(run, "settings");
	cr_assert_eq(json_array_size(json_object_get(folder.root, "runs")), 1);
	cr_assert_str_eq(json_string_value(json_object_get(settings, "minimum_tls_version")),
			 "TLS1_2");
	folder_remove(&folder);
}

Test(builtin_endpoint, report_replaces_its_file_and_leaves_nothing_beside_it, .timeout = 120)
{
	struct folder folder;
	folder_make(&folder);
	FILE *old = fopen(folder.report, "w");
	fputs("not yet JSON", old);
	fclose(old);
	cr_assert_eq(check(&folder, "--set", "minimum_tls_version=TLS1_2"), STATUS_PASS);
	cr_assert_eq(folder_count(&folder), 1);
	folder_read(&folder);
	folder_remove(&folder);
}

Test(builtin_endpoint, refused_command_line_leaves_the_old_report_alone)
{
	struct folder folder;
	char content[32] = "";
	folder_make(&folder);
	cr_redirect_stderr();
	FILE *file = fopen(folder.report, "w");
	fputs("the old report", file);
	fclose(file);
	cr_assert_eq(check(&folder, "--only", "no-such-cell"), STATUS_USAGE);
	cr_assert_eq(folder_count(&folder), 1);
	file = fopen(folder.report, "r");
	cr_assert_not_null(fgets(content, sizeof(content), file));
	fclose(file);
	cr_assert_str_eq(content, "the old report");
	folder_remove(&folder);
}

Test(builtin_endpoint, evidence_is_kept_for_what_was_asked, .timeout = 120)
{
	struct folder folder;
	folder_make(&folder);
	char words[][64] = { "tlsgauge", "check", "--evidence", "--set=cloud=China",
			     "--only=version/TLS1.2" };
	char *argv[] = { words[0], words[1], words[2], words[3], words[4], folder.argument, NULL };
	cr_assert_eq(command_main(6, argv), STATUS_PASS);
	folder_read(&folder);
	const json_t *finding = json_array_get(json_object_get(folder.root, "findings"), 0);
	const char *sent = json_string_value(json_object_get(finding, "sent"));
	const char *received = json_string_value(json_object_get(finding, "received"));
	cr_assert_not_null(sent);
	cr_assert_not_null(strstr(sent, "160301"), "a record with a hello: %s", sent);
	cr_assert_gt(strlen(received), 10);
	folder_remove(&folder);
}
