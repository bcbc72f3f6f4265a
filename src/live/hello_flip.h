/* hello_flip.h - which change of a hello, or of the settings, has a policy rule it otherwise. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef LIVE_HELLO_FLIP_H
#define LIVE_HELLO_FLIP_H

#include "base/arena.h"
#include "live/hello_offer.h"

/* Which way a ruling points: accept and should; reject and should-not; may, silent, conflict. */
enum side { SIDE_OPEN, SIDE_FOR, SIDE_AGAINST };
enum side ruling_side(const struct ruling *ruling);

/* A change of what is offered: all of `drop` goes, and one of `add` comes, whichever. */
struct offer_edit {
	const uint16_t *drop, *add;
	size_t drop_len, add_len;
	version_set drop_versions, add_versions;
};

enum flip_kind { FLIP_HELLO, FLIP_SETTING, FLIP_STRICT, FLIP_CONDITION };

/*
 * One change, and the ruling that it leads to. A setting takes `value`; `strict` and the condition
 * turn to the contrary of what they are. `forbidden` is the rule by which the setting may not be
 * changed so, or NULL.
 */
struct flip {
	enum flip_kind kind;
	struct offer_edit edit;
	size_t setting, value;
	const struct transition *forbidden;
	enum condition condition;
	struct ruling ruling;
};

struct flips {
	const struct flip *at;
	size_t len;
};

/*
 * flips_of finds changes that lead to the other side, each tried with hello_rule:
 *
 * - the suites that must go, all of them and no others, for acceptance or rejection; where the
 *   highest version has no acceptable pair, also one of those that could come instead;
 * - versions: the highest that may stay, the fewest that must go, one that comes (for a
 *   client_version: all up to it); where nothing else leads to acceptance, with suites as above,
 *   and one that comes for all that are newer;
 * - each other value of each setting, strictness, and each condition that a row may have.
 *
 * A hello that is ruled against is also told what leaves it open (`may`): one suite or version that
 * comes. A bare SSLv2 hello has no suites or versions to change. Faults: those of the arena.
 */
MUST_USE enum fault flips_of(struct flips *out, const struct settings *settings,
			     const struct hello_offer *hello, struct arena *arena);

/* edit_apply makes the edited offer, with the `choice`-th of `add`; `suites` has room for one suite
 * more than the offer has. */
void edit_apply(struct offer *out, const struct offer *offer, const struct offer_edit *edit,
		size_t choice, uint16_t *suites);

/* flip_settings makes the changed settings; they are the same for a flip of the hello. */
struct settings flip_settings(const struct settings *settings, const struct flip *flip);

/* flip_setting returns the setting that a FLIP_SETTING changes, NULL for any other. */
const struct setting *flip_setting(const struct settings *settings, const struct flip *flip);

#endif
