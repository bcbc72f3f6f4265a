/* SPDX-License-Identifier: Apache-2.0 */
#include "case/case_parse.h"
#include "case/encode.h"

static void step_add(struct parse *p, const struct step *step)
{
	struct conformance_case *stanza = p->stanza;
	struct step *steps = parse_grow(p, stanza->steps, stanza->steps_len, &p->steps_cap,
					sizeof(*steps), CASE_LIST_MAX);
	if (!steps)
		return;
	stanza->steps = steps;
	steps[stanza->steps_len++] = *step;
}

static bool items_read(struct parse *p, struct step *step)
{
	size_t cap = 0, cost = 0;
	do {
		struct item item;
		struct place at = parse_place(p);
		step->items = parse_grow(p, step->items, step->items_len, &cap, sizeof(item),
					 CASE_REPEAT_MAX);
		if (!step->items || !item_read(p, &item))
			return false;
		size_t each = item.kind == ITEM_RECORD || item.kind == ITEM_RAW
				      ? elements_cost(&item.body)
				      : message_cost(&item.message);
		if (each > CASE_STEP_BYTES_MAX || each * item.times > CASE_STEP_BYTES_MAX - cost)
			return complain_at(p->diags, at, "the step sends more than %d bytes",
					   CASE_STEP_BYTES_MAX);
		cost += each * item.times;
		step->items[step->items_len++] = item;
	} while (parse_comma(p));
	return true;
}

/* Behind all items: segments, what is withheld, a pause; each once at most. */
static bool tail_read(struct parse *p, struct step *step)
{
	while (parse_peek(p)) {
		struct place at = parse_place(p);
		uint32_t *number = NULL, most = CASE_STEP_BYTES_MAX;
		if (parse_accept(p, "in")) {
			if (!parse_accept(p, "segments"))
				return parse_expected(p, "'record', 'records' or 'segments'");
			if (!sizes_read(p, 1, &step->every_segment, step->segments,
					&step->segments_len))
				return false;
			continue;
		}
		if (parse_accept(p, "withhold"))
			number = &step->withhold;
		else if (parse_accept(p, "after"))
			number = &step->after_ms, most = CASE_DELAY_MS_MAX;
		else if (parse_is(p, TOKEN_COMMA))
			return complain_at(
				p->diags, at,
				"'in segments', 'withhold' and 'after' stand behind the last item");
		else
			return parse_expected(p, "',', 'in', 'withhold' or 'after'");
		if (*number)
			return complain_at(p->diags, at, "this is stated twice");
		if (!parse_number(p, "a number", 1, most, number))
			return false;
	}
	return true;
}

void send_read(struct parse *p, struct place at)
{
	struct step step = { .kind = STEP_SEND, .at = at };
	if (items_read(p, &step) && tail_read(p, &step))
		step_add(p, &step);
}

void await_read(struct parse *p, struct place at)
{
	static const char *const names[] = {
		"server_hello", "server_hello_done", "hello_retry_request", "flight", "bytes", NULL
	};
	struct step step = { .kind = STEP_AWAIT, .at = at };
	size_t which;
	if (!parse_choice(p, "answer", names, &which))
		return;
	step.awaited = (enum awaited_kind)which;
	if (step.awaited == AWAITED_BYTES &&
	    !parse_number(p, "how many bytes", 1, PEER_BYTES_MAX, &step.bytes))
		return;
	if (parse_done(p))
		step_add(p, &step);
}

static void bare_read(struct parse *p, struct place at, enum step_kind kind)
{
	if (parse_done(p))
		step_add(p, &(struct step){ .kind = kind, .at = at });
}

void complete_read(struct parse *p, struct place at)
{
	bare_read(p, at, STEP_COMPLETE);
}

void shut_read(struct parse *p, struct place at)
{
	bare_read(p, at, STEP_SHUT);
}
