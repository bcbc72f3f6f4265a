/* SPDX-License-Identifier: Apache-2.0 */
#include <ctype.h>
#include <stdio.h>

#include "base/text.h"
#include "cli/selftest.h"

#define WORD_MAX 128

/* Takes the next part off a list and copies it; false at its end. */
static bool part_take(const char **list, const char *between, char out[WORD_MAX])
{
	*list += strspn(*list, between);
	size_t len = strcspn(*list, between);
	snprintf(out, WORD_MAX, "%.*s", (int)len, *list);
	*list += len;
	return len > 0;
}

/* What stands in brackets explains a citation and is no part of it. */
static void comment_drop(char *citation)
{
	char *comment = strstr(citation, " (");
	if (comment)
		*comment = '\0';
	citation[strcspn(citation, "\n")] = '\0';
}

static bool stands_in(const char *citation, const char *text)
{
	size_t len = strlen(citation);
	for (const char *at = text; len && (at = strstr(at, citation)); at++) {
		bool begins = at == text || !isalnum((unsigned char)at[-1]);
		bool goes_on = at[len] == '.' && isalnum((unsigned char)at[len + 1]);
		if (begins && !goes_on && !isalnum((unsigned char)at[len]))
			return true;
	}
	return false;
}

bool selftest_rule_is_in(const char *rules, const char *text)
{
	char citation[WORD_MAX];
	while (part_take(&rules, ";", citation)) {
		comment_drop(citation);
		if (stands_in(citation + strspn(citation, " "), text))
			return true;
	}
	return false;
}

bool selftest_rule_is_cited(const char *rules, const struct conformance_case *of)
{
	for (size_t i = 0; i < of->citations_len; i++)
		if (selftest_rule_is_in(rules, of->citations[i].text))
			return true;
	return of->cve && selftest_rule_is_in(rules, of->cve);
}

/* "RFC 5246 7.2.2 (decode_error)" is about the meaning of an alert, and named by a finding that
 * demands this one and got another. */
static bool alert_is_due(const char *rules, const char *reason)
{
	char alert[WORD_MAX];
	const char *open = strstr(rules, "7.2.2 (");
	const char *due = strstr(reason, "; expected fatal alert ");
	const char *got = strstr(reason, ", got ");
	if (!open || !due || !got)
		return false;
	open += strlen("7.2.2 (");
	snprintf(alert, sizeof(alert), "%.*s", (int)strcspn(open, ")"), open);
	const char *named = strstr(due, alert);
	return named && named < got && !stands_in(alert, got);
}

bool selftest_rule_is_named(const char *rules, const struct finding *finding)
{
	if (finding->of && selftest_rule_is_cited(rules, finding->of))
		return true;
	if (!finding->of && strstr(rules, "the policy's "))
		return true;
	for (size_t i = 0; i < finding->remarks_len; i++)
		if (selftest_rule_is_in(rules, finding->remarks[i]))
			return true;
	return finding->reason && (selftest_rule_is_in(rules, finding->reason) ||
				   alert_is_due(rules, finding->reason));
}

bool selftest_id_fits(const char *globs, const char *id)
{
	char glob[WORD_MAX];
	while (part_take(&globs, " ", glob))
		if (glob_match(glob, id))
			return true;
	return false;
}

bool selftest_shows_beside_cases(const char *globs)
{
	char glob[WORD_MAX];
	while (part_take(&globs, " ", glob))
		if (strncmp(glob, "case/", strlen("case/")) != 0)
			return true;
	return false;
}
