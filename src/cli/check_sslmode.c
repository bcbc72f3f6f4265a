/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/check.h"
#include "probe/sslmode.h"

static const struct finding *find(const struct run_result *result, const char *id)
{
	for (size_t i = 0; i < result->findings_len; i++)
		if (strcmp(result->findings[i].id, id) == 0)
			return &result->findings[i];
	return NULL;
}

static enum truth holds(const struct finding *finding)
{
	if (!finding || finding->observed.outcome == OUTCOME_NONE)
		return TRUTH_UNKNOWN;
	return finding->holds ? TRUTH_YES : TRUTH_NO;
}

/* libpq 15 offers TLS 1.2 and 1.3. */
static const struct finding *newest(const struct run_result *result)
{
	const struct finding *finding = find(result, "version/TLS1.3");
	if (finding && finding->observed.outcome == OUTCOME_SERVER_HELLO)
		return finding;
	return find(result, "version/TLS1.2");
}

static void take_answer(struct sslmode_facts *facts, const struct observation *seen)
{
	facts->extra_bytes = seen->extra_bytes;
	if (seen->outcome == OUTCOME_REFUSED && seen->layer == LAYER_PLAINTEXT) {
		bool no = !seen->refusal || strcmp(seen->refusal->message, "N") == 0;
		facts->answer = no ? SSL_ANSWER_NO : SSL_ANSWER_ERROR;
	} else if (observation_is_answer(seen)) {
		facts->answer = SSL_ANSWER_YES;
		facts->handshake = TRUTH_NO;
		facts->handshake_text = "no version from 1.2 up is accepted";
	}
	if (seen->outcome == OUTCOME_SERVER_HELLO) {
		facts->handshake = seen->broken ? TRUTH_NO : TRUTH_YES;
		facts->handshake_text = seen->broken;
		if (seen->depth == DEPTH_SESSION)
			facts->encrypted.login = LOGIN_ACCEPTED;
	} else if (seen->outcome == OUTCOME_REFUSED && seen->layer == LAYER_APPLICATION) {
		facts->handshake = TRUTH_YES;
		facts->encrypted.login = LOGIN_REFUSED;
		facts->encrypted.text = seen->refusal ? seen->refusal->message : NULL;
	}
}

static void take_clear(struct sslmode_facts *facts, const struct observation *seen)
{
	if (seen->outcome == OUTCOME_PLAINTEXT)
		facts->clear.login = LOGIN_ACCEPTED;
	else if (seen->outcome == OUTCOME_REFUSED)
		facts->clear.login = LOGIN_REFUSED;
	else if (seen->outcome == OUTCOME_CLOSE || seen->outcome == OUTCOME_RESET)
		facts->clear.login = LOGIN_BROKEN;
	facts->clear.text = seen->refusal ? seen->refusal->message : NULL;
}

void check_sslmode(struct check_run *run)
{
	const struct check *check = run->check;
	enum sslmode mode = check->options->sslmode;
	struct sslmode_facts facts = { .root_file = check->options->ca != NULL };
	struct sslmode_verdict verdict;
	if (mode == SSLMODES_LEN)
		return;
	const struct finding *version = newest(&run->result);
	const struct finding *plaintext = find(&run->result, "plaintext");
	if (version)
		take_answer(&facts, &version->observed);
	if (plaintext)
		take_clear(&facts, &plaintext->observed);
	facts.trusted = holds(find(&run->result, "certificate/root"));
	facts.name_matches = holds(find(&run->result, "certificate/hostname"));
	sslmode_judge(&verdict, mode, &facts);
	check_run_note(run, arena_printf(&run->arena, "sslmode=%s", verdict.sentence));
}
