/* SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>

#include "mutate/mutate.h"

Test(operations, every_one_has_a_name)
{
	cr_assert_not_null(mutate_operation_name(0));
}
