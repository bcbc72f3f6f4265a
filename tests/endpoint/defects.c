/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include <string.h>

#include "endpoint/defect.h"

Test(defects, each_says_what_it_breaks_and_where_that_shows)
{
	const struct defect_description *defect;
	size_t len = 0;
	for (; (defect = endpoint_defect_at(len)); len++) {
		cr_expect_neq(defect->defect, DEFECT_NONE);
		cr_expect(strlen(defect->name) > 0);
		cr_expect(strlen(defect->rule) > 0, "%s", defect->name);
		cr_expect(strlen(defect->sentence) > 0, "%s", defect->name);
		cr_expect(strlen(defect->shows_in) > 0, "%s", defect->name);
		cr_expect_eq(strspn(defect->name, "abcdefghijklmnopqrstuvwxyz0123456789-"),
			     strlen(defect->name), "%s", defect->name);
	}
	cr_expect_eq(len, (size_t)DEFECTS_LEN - 1);
}

Test(defects, each_is_found_by_its_own_name)
{
	const struct defect_description *defect;
	for (size_t i = 0; (defect = endpoint_defect_at(i)); i++)
		cr_expect_eq(endpoint_defect_by_name(defect->name), defect, "%s comes twice",
			     defect->name);
	cr_expect_null(endpoint_defect_by_name("no-such-defect"));
	cr_expect_null(endpoint_defect_by_name(""));
}
