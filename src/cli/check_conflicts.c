/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check_options.h"
#include "cli/command.h"

/* Options that exclude each other, and why, in one sentence. */
struct exclusion {
	bool holds;
	const char *sentence;
};

static int first_that_holds(const char *who, const struct exclusion *list, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (list[i].holds)
			return complain(who, "%s", list[i].sentence);
	}
	return STATUS_PASS;
}

static bool writes(const struct check_options *o, const struct report_format *format)
{
	for (size_t i = 0; i < o->reports_len; i++) {
		if (o->reports[i].format == format)
			return true;
	}
	return false;
}

static bool same_place(const struct check_options *o, bool standard_output)
{
	for (size_t i = 0; i < o->reports_len; i++) {
		for (size_t k = 0; k < i; k++) {
			const char *a = o->reports[i].path, *b = o->reports[k].path;
			if (standard_output ? !a && !b : a && b && strcmp(a, b) == 0)
				return true;
		}
	}
	return false;
}

static int conflict_without_target(const struct check_options *o)
{
	const struct exclusion list[] = {
		{ o->connect, "'--connect' needs a TARGET whose name it stands in for" },
		{ o->resolver, "'--resolver' needs a TARGET to resolve" },
		{ o->sni, "'--sni' needs a TARGET; the built-in endpoint has a name of its own" },
		{ o->journal, "'--journal' needs a TARGET; the built-in endpoint lives no longer "
			      "than the run" },
		{ o->ca,
		  "'--ca' needs a TARGET; the built-in endpoint has an authority of its own" },
	};
	if (o->target || o->targets)
		return STATUS_PASS;
	return first_that_holds(o->who, list, sizeof(list) / sizeof(list[0]));
}

/* RFC 1035 2.3.4: no name is longer. */
#define NAME_LEN_MAX 255

static int conflict_of_dry_run(const struct check_options *o)
{
	bool to_file = o->reports_len > 1 || o->reports[0].path || writes(o, &report_json);
	const struct exclusion list[] = {
		{ to_file, "'--dry-run' prints a plan and has nothing to write to '--report'" },
		{ o->evidence, "'--dry-run' sends nothing, so there is no '--evidence'" },
		{ o->expected, "'--dry-run' judges nothing, so '--expected' has no use" },
		{ o->baseline, "'--dry-run' judges nothing, so '--baseline' has no use" },
		{ o->journal,
		  "'--dry-run' asks nothing, so there is nothing for '--journal' to keep" },
		{ o->quiet, "'--dry-run' prints the plan, which '--quiet' would leave out" },
	};
	if (!o->dry_run)
		return STATUS_PASS;
	return first_that_holds(o->who, list, sizeof(list) / sizeof(list[0]));
}

/* The self-test brings its own endpoints, policies and cases. */
static int conflict_of_self_test(const struct check_options *o)
{
	const struct exclusion list[] = {
		{ o->thorough && !o->self_test, "'--thorough' is about '--self-test'" },
		{ o->self_test && o->target, "'--self-test' starts endpoints of its own and takes "
					     "no TARGET" },
		{ o->self_test && (o->policy || o->set_len || o->cases_len),
		  "'--self-test' has policies and cases of its own: no '--policy', '--set' or "
		  "'--cases'" },
		{ o->self_test && (o->dry_run || o->shards > 1),
		  "'--self-test' has neither a '--dry-run' nor a '--shard'; '--only' selects "
		  "defects" },
		{ o->self_test && (o->expected || o->baseline),
		  "'--self-test' knows what is to be found: no '--expected' and no '--baseline'" },
		{ o->self_test && o->journal,
		  "'--self-test' starts endpoints of its own, and keeps no '--journal'" },
		{ o->self_test && o->strength,
		  "'--self-test' asks what it knows the answer to: no '--strength'" },
		{ o->self_test && (o->keylog || o->pcap || o->evidence),
		  "'--self-test' keeps no '--evidence', '--keylog' or '--pcap'; 'serve --defect' "
		  "and an ordinary check do" },
	};
	return first_that_holds(o->who, list, sizeof(list) / sizeof(list[0]));
}

int check_options_conflict(const struct check_options *o, bool audits_given)
{
	const struct exclusion list[] = {
		{ o->quiet && o->verbose, "'--quiet' and '--verbose' exclude each other" },
		{ o->exhaustive && audits_given && o->audits,
		  "'--audits' checks group proofs, and '--exhaustive' makes none" },
		{ o->expected && o->baseline,
		  "'--expected' and '--baseline' both say what is known; give one of them" },
		{ o->targets && o->target, "'--targets' lists every TARGET: give none beside it" },
		{ o->targets && o->self_test, "'--self-test' starts endpoints of its own: no "
					      "'--targets'" },
		{ o->strength && !o->policy && !o->targets && (o->target || o->cases_len),
		  "'--strength' asks for the rulings of a policy; add '--policy'" },
		{ o->strict_expected && !o->expected,
		  "'--strict-expected' is about the deviations of '--expected'" },
		{ o->target && !*o->target, "the target is empty" },
		{ o->sni && strlen(o->sni) > NAME_LEN_MAX,
		  "'--sni' is longer than the 255 bytes that a host name may have" },
		{ o->only && !*o->only, "'--only' has an empty pattern, which no id fits" },
		{ same_place(o, true), "two reports would be written to standard output" },
		{ same_place(o, false), "two reports would be written to the same file" },
	};
	int status = conflict_of_dry_run(o);
	if (status == STATUS_PASS)
		status = first_that_holds(o->who, list, sizeof(list) / sizeof(list[0]));
	if (status == STATUS_PASS)
		status = conflict_of_self_test(o);
	if (status == STATUS_PASS)
		status = conflict_without_target(o);
	if (status == STATUS_PASS && o->evidence && !writes(o, &report_json) &&
	    !writes(o, &report_html))
		return complain(o->who, "'--evidence' goes into the JSON report and the HTML "
					"report; add '--report json' or '--report html'");
	return status;
}
