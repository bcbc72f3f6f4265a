/* Plants a bug in: answer_check. A suite that was not offered is let pass. */
/* SPDX-License-Identifier: Apache-2.0 */
#include "handshake/answer_check.h"

enum violation __real_answer_check(const struct answer_question *question, char *detail);
enum violation __wrap_answer_check(const struct answer_question *question, char *detail);

enum violation __wrap_answer_check(const struct answer_question *question, char *detail)
{
	enum violation violation = __real_answer_check(question, detail);
	return violation == VIOLATION_SUITE_NOT_OFFERED ? VIOLATION_NONE : violation;
}
