/* defect.h - the rules that the reference endpoint can be told to break, one at a time. */
/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ENDPOINT_DEFECT_H
#define ENDPOINT_DEFECT_H

#include <stdbool.h>
#include <stddef.h>

/* DEFECT_NONE is the intact endpoint. */
enum defect {
	DEFECT_NONE,
#define X(id, name, rule, sentence, shows_in) DEFECT_##id,
#include "endpoint/defects.def"
#undef X
	DEFECTS_LEN
};

/*
 * `name` is what `serve --defect` takes, `rule` cites what is broken and `sentence` says how.
 * `shows_in` lists globs of finding ids, with a space between them; a gauge that sees the defect
 * has a failing finding that one of them matches; an endpoint that never says anything intelligible
 * has inconclusive ones instead.
 */
struct defect_description {
	enum defect defect;
	const char *name, *rule, *sentence, *shows_in;
};

/* endpoint_defect_at lists the defects from 0; NULL past the last. */
const struct defect_description *endpoint_defect_at(size_t i);

/* endpoint_defect_by_name returns NULL for a name that no defect has. */
const struct defect_description *endpoint_defect_by_name(const char *name);

#endif
