/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "differ.h"

static uint64_t hits;

static const char *const texts[] = {
#define X(name, text) text,
	DIFFER_FLAWS(X)
#undef X
};

static bool holds(const struct differ_class *class, const struct differ_hello *ours)
{
	return !class->applies || class->applies(ours);
}

static void note(size_t index)
{
	hits |= (uint64_t)1 << index;
	harness_note_number(index);
}

/* Says what nobody explained, for whoever triages, and traps. */
static void unexplained(const struct differ_hello *ours, uint64_t flaws, int gate,
			const struct differ_answer *theirs)
{
	static const char *const verdicts[] = { "want more", "call it malformed", "refuse it",
						"accept it" };
	fprintf(stderr, "differ: no class explains this: they %s (alert %d)",
		verdicts[theirs->verdict], theirs->alert);
	if (gate >= 0)
		fprintf(stderr, ", our gate says %d", gate);
	for (size_t i = 0; i < FLAWS_LEN; i++) {
		if (flaws >> i & 1)
			fprintf(stderr, "; %s", texts[i]);
	}
	for (size_t i = 0; i < EXTENSIONS_KNOWN; i++) {
		if (flaws >> (FLAWS_LEN + i) & 1)
			fprintf(stderr, "; %s is malformed", extension_table[i]->name);
	}
	fprintf(stderr, "%s\n", ours->sslv2 ? "; an SSLv2 record" : "");
	CHECK(false);
}

/* Every flaw must have a class that lets it pass. */
static void explain_acceptance(const struct differ_hello *ours, uint64_t flaws,
			       const struct differ_answer *theirs)
{
	uint64_t left = flaws;
	for (size_t i = 0; i < differ_classes_len; i++) {
		const struct differ_class *class = &differ_classes[i];
		if (class->kind == DIFFER_THEIRS && (class->flaws & flaws) && holds(class, ours)) {
			note(i);
			left &= ~class->flaws;
		}
	}
	if (left)
		unexplained(ours, left, -1, theirs);
}

static bool fits(uint8_t listed, uint8_t alert)
{
	return listed == ANY_ALERT || listed == alert;
}

/* Notes every class of the kind, with these two alerts, that holds; false without one. */
static bool explain(const struct differ_hello *ours, enum differ_kind kind, uint8_t gate,
		    uint8_t alert)
{
	bool explained = false;
	for (size_t i = 0; i < differ_classes_len; i++) {
		const struct differ_class *class = &differ_classes[i];
		if (class->kind == kind && fits(class->gate, gate) && fits(class->alert, alert) &&
		    holds(class, ours)) {
			note(i);
			explained = true;
		}
	}
	return explained;
}

void differ_compare(const struct differ_hello *ours, const struct differ_answer *theirs)
{
	bool judged = theirs->verdict == THEIRS_REFUSED || theirs->verdict == THEIRS_ACCEPTED;
	harness_note_number(ours->flaws);
	harness_note_number((uint64_t)theirs->verdict << 8 | theirs->alert);
	if (!ours->flaws) {
		if (!judged && !explain(ours, DIFFER_OURS, 0, theirs->alert))
			unexplained(ours, 0, -1, theirs);
	} else if (theirs->verdict == THEIRS_ACCEPTED) {
		explain_acceptance(ours, ours->flaws, theirs);
	} else if (judged && (ours->flaws & FLAW(NOT_WHOLE))) {
		/* Whoever judges a hello thinks that it is whole. */
		explain_acceptance(ours, FLAW(NOT_WHOLE), theirs);
	}
}

void differ_judge(const struct differ_hello *ours, uint8_t gate, const struct differ_answer *theirs)
{
	/* With several reasons to refuse it, each of us names the one that it sees first. */
	bool agreed = !gate == !theirs->alert;
	if (!agreed && !explain(ours, DIFFER_JUDGED, gate, theirs->alert))
		unexplained(ours, 0, gate, theirs);
}

void differ_same(const struct differ_hello *ours, bool same)
{
	CHECK(same || explain(ours, DIFFER_READ, 0, 0));
}

uint64_t differ_hits(void)
{
	uint64_t taken = hits;
	hits = 0;
	return taken;
}
