/* SPDX-License-Identifier: Apache-2.0 */
#include "live/hello_account.h"
#include "live/hello_flip_search.h"

/* As many changes of versions as can be: one that goes or comes for each that there is. */
#define EDITS_MAX (2 * VERSIONS_LEN + 1)
struct edits {
	struct offer_edit at[EDITS_MAX];
	size_t len;
};

static version_set below(unsigned version)
{
	return (version_set)(VERSION_BIT(version) - 1u);
}

/* The highest go, one after the other; SSLv2 is no version that a client_version can name alone. */
static void add_lower(struct edits *edits, const struct hello_offer *hello)
{
	version_set versions = hello->offer.versions;
	for (unsigned v = VERSIONS_LEN; v-- > SSLV3;) {
		version_set kept = versions & below(v);
		if (versions & VERSION_BIT(v) && kept & ~VERSION_BIT(SSLV2))
			edits->at[edits->len++] =
				(struct offer_edit){ .drop_versions =
							     (version_set)(versions & ~kept) };
	}
}

/* A list takes any one; a client_version brings all up to it, and TLS 1.3 comes in a list only. */
static void add_higher(struct edits *edits, const struct hello_offer *hello)
{
	version_set versions = hello->offer.versions;
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
		version_set added = VERSION_BIT(v);
		if (!hello->listed && v <= TLS1_2)
			added = (version_set)((below(v) | added) & ~below(SSLV3));
		added = (version_set)(added & ~versions);
		if (added && !(versions & VERSION_BIT(v)) && !(hello->sslv2 && v == TLS1_3))
			edits->at[edits->len++] = (struct offer_edit){ .add_versions = added };
	}
}

static void note(struct flip_search *s, const struct offer_edit *edit, const struct ruling *ruling)
{
	flip_note(s, &(struct flip){ .edit = *edit, .ruling = *ruling });
}

/* The first that leads to the side is the smallest. */
static void try_lower(struct flip_search *s, const struct edits *edits, enum side side)
{
	for (size_t i = 0; s->side != side && i < edits->len; i++) {
		struct ruling ruling = flip_try(s, &edits->at[i], 0);
		if (ruling_side(&ruling) == side) {
			note(s, &edits->at[i], &ruling);
			return;
		}
	}
}

static void try_higher(struct flip_search *s, const struct edits *edits)
{
	for (size_t i = 0; i < edits->len; i++) {
		struct ruling ruling = flip_try(s, &edits->at[i], 0);
		enum side side = ruling_side(&ruling);
		if (side != s->side && (side != SIDE_OPEN || s->side == SIDE_AGAINST))
			note(s, &edits->at[i], &ruling);
	}
}

/* Of a list any version may go: those that have a pair which is not ruled against. */
static void try_against(struct flip_search *s)
{
	struct offer_edit edit = { .drop_len = 0 };
	for (unsigned v = SSLV3; v < VERSIONS_LEN; v++) {
		struct offer_edit only = { .drop_versions = (version_set)~VERSION_BIT(v) };
		struct ruling ruling = flip_try(s, &only, 0);
		if (s->few.versions & VERSION_BIT(v) && ruling_side(&ruling) != SIDE_AGAINST)
			edit.drop_versions |= VERSION_BIT(v);
	}
	struct ruling ruling = flip_try(s, &edit, 0);
	if (edit.drop_versions != s->few.versions && ruling_side(&ruling) == SIDE_AGAINST)
		note(s, &edit, &ruling);
}

/* An older version comes, and all that are newer go: what is left where a list has only versions
 * in which nothing is acceptable. */
static void add_older(struct edits *edits, const struct hello_offer *hello)
{
	version_set versions = hello->offer.versions;
	for (unsigned v = version_set_highest(versions); hello->listed && v-- > SSLV3;)
		if (!(versions & VERSION_BIT(v)))
			edits->at[edits->len++] =
				(struct offer_edit){ .drop_versions =
							     (version_set)(versions & ~below(v)),
						     .add_versions = VERSION_BIT(v) };
}

static void try_with_suites(struct flip_search *s, const struct edits *edits)
{
	for (size_t i = 0; s->side != SIDE_FOR && !s->found_for && i < edits->len; i++)
		flip_suites_for(s, &edits->at[i]);
}

void flip_search_versions(struct flip_search *s)
{
	struct edits lower = { .len = 0 }, higher = { .len = 0 }, older = { .len = 0 };
	if (!s->room)
		return;
	add_lower(&lower, s->hello);
	add_higher(&higher, s->hello);
	try_lower(s, &lower, SIDE_FOR);
	if (s->side != SIDE_AGAINST && s->hello->listed)
		try_against(s);
	else
		try_lower(s, &lower, SIDE_AGAINST);
	try_higher(s, &higher);
	try_with_suites(s, &lower);
	try_with_suites(s, &higher);
	add_older(&older, s->hello);
	try_with_suites(s, &older);
}
