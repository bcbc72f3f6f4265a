/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/tape.h"

#include "base/hex.h"
#include "probe/case_answer.h"

/* Digits are made in pieces of so many bytes. */
#define PIECE	 512
/* No exchange wants more at a time. */
#define READ_MAX 16384

void tape_clear(struct tape *tape)
{
	tape->text.len = 0;
	tape->clock_ms = 0;
	tape->sent = FINGERPRINT_BEGIN;
	tape->full = false;
}

void tape_release(struct tape *tape)
{
	text_release(&tape->text);
	tape_clear(tape);
}

/* Says whether there is room for so many further characters. */
static bool has_room(struct tape *tape, size_t len)
{
	if (!tape || tape->full)
		return false;
	if (tape->text.fault != FAULT_NONE || tape->text.len + len > TAPE_LEN_MAX)
		tape->full = true;
	return !tape->full;
}

static void put_word(struct tape *tape, char kind, uint64_t value)
{
	if (has_room(tape, 24))
		text_printf(&tape->text, " %c%llu", kind, (unsigned long long)value);
}

static void put_digits(struct tape *tape, struct span bytes)
{
	char digits[2 * PIECE + 1];
	while (bytes.len) {
		size_t n = bytes.len < PIECE ? bytes.len : PIECE;
		hex_encode(digits, span_of(bytes.at, n));
		text_append(&tape->text, span_of(digits, 2 * n));
		bytes = span_skip(bytes, n);
	}
}

void tape_sent(struct tape *tape, struct span bytes)
{
	put_word(tape, 's', bytes.len);
	if (tape)
		tape->sent = fingerprint_bytes(tape->sent, bytes);
}

void tape_input(struct tape *tape, struct span bytes)
{
	if (!has_room(tape, 2 * bytes.len + 2))
		return;
	text_printf(&tape->text, " i");
	put_digits(tape, bytes);
}

void tape_clock(struct tape *tape, uint64_t now_ms)
{
	if (!tape)
		return;
	put_word(tape, 'c', now_ms - tape->clock_ms);
	tape->clock_ms = now_ms;
}

static void put_sign(struct tape *tape, char kind)
{
	if (has_room(tape, 2))
		text_printf(&tape->text, " %c", kind);
}

void tape_quiet(struct tape *tape)
{
	put_sign(tape, 'q');
}

void tape_shut(struct tape *tape)
{
	put_sign(tape, 'x');
}

void tape_finish(struct tape *tape, enum exchange_end end, const char *why)
{
	put_word(tape, 'f', end);
	if (!why || !has_room(tape, 2 * strlen(why) + 1))
		return;
	text_printf(&tape->text, ":");
	put_digits(tape, span_text(why));
}

/* A number without signs and blanks, of at most 18 digits. */
static bool take_number(struct span word, uint64_t *out)
{
	*out = 0;
	for (size_t i = 0; i < word.len; i++) {
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		*out = *out * 10 + (uint64_t)(word.at[i] - '0');
	}
	return word.len > 0 && word.len <= 18;
}

static bool play_sent(struct exchange *exchange, struct span word, uint64_t *sent)
{
	struct span output = exchange_output(exchange);
	uint64_t n;
	if (!take_number(word, &n) || n > output.len)
		return false;
	*sent = fingerprint_bytes(*sent, span_of(output.at, (size_t)n));
	exchange_sent(exchange, (size_t)n);
	return true;
}

static bool play_input(struct exchange *exchange, struct span word)
{
	uint8_t bytes[READ_MAX];
	size_t len, fell, n = word.len / 2;
	if (exchange->phase == EXCHANGE_DONE || !n || n > sizeof(bytes) ||
	    n > exchange_want(exchange) || word.len % 2)
		return false;
	if (hex_decode(bytes, sizeof(bytes), &len, word, &fell) != FAULT_NONE || len != n)
		return false;
	exchange_input(exchange, span_of(bytes, n));
	return true;
}

static bool play_clock(struct exchange *exchange, struct span word)
{
	uint64_t moved;
	if (!take_number(word, &moved) || exchange->now_ms > UINT64_MAX / 4)
		return false;
	exchange_clock(exchange, exchange->now_ms + moved);
	return true;
}

static bool play_finish(struct exchange *exchange, struct span word)
{
	char why[256];
	size_t len = 0, fell;
	struct span rest = span_skip(word, 1);
	if (!word.len || word.at[0] < '0' || word.at[0] > '0' + EXCHANGE_UNREACHABLE ||
	    exchange->phase == EXCHANGE_DONE)
		return false;
	enum exchange_end end = (enum exchange_end)(word.at[0] - '0');
	if (rest.len && rest.at[0] != ':')
		return false;
	if (hex_decode((uint8_t *)why, sizeof(why) - 1, &len, span_skip(rest, 1), &fell))
		return false;
	why[len] = '\0';
	exchange_finish(exchange, end, rest.len ? why : NULL);
	return true;
}

static bool play_word(struct exchange *exchange, struct span word, uint64_t *sent)
{
	struct span rest = span_skip(word, 1);
	switch (word.len ? word.at[0] : 0) {
	case 's':
		return play_sent(exchange, rest, sent);
	case 'i':
		return play_input(exchange, rest);
	case 'c':
		return play_clock(exchange, rest);
	case 'q':
		return !rest.len && exchange_quiet(exchange);
	case 'x':
		return !rest.len && exchange_shut(exchange);
	case 'f':
		return play_finish(exchange, rest);
	default:
		return false;
	}
}

enum fault tape_play(struct exchange *exchange, struct span text, uint64_t *sent)
{
	*sent = FINGERPRINT_BEGIN;
	while (text.len) {
		const uint8_t *blank = memchr(text.at, ' ', text.len);
		size_t len = blank ? (size_t)(blank - text.at) : text.len;
		if (len && !play_word(exchange, span_of(text.at, len), sent))
			return FAULT_MALFORMED;
		text = span_skip(text, len + 1);
	}
	return exchange->phase == EXCHANGE_DONE ? FAULT_NONE : FAULT_MALFORMED;
}

static uint64_t over_shape(uint64_t hash, const struct shape *shape)
{
	if (!shape)
		return fingerprint_number(hash, 0);
	hash = fingerprint_text(hash, shape->server_name);
	hash = fingerprint_text(hash, shape->alpn);
	return fingerprint_number(hash, 2u * shape->ffdhe_groups + shape->bare);
}

static uint64_t over_conduct(uint64_t hash, const struct conduct *conduct)
{
	if (!conduct)
		return fingerprint_number(hash, 0);
	const struct case_setting *setting = &conduct->setting;
	hash = fingerprint_text(hash, conduct->of ? conduct->of->name : NULL);
	hash = fingerprint_number(hash, conduct->is_control);
	hash = fingerprint_number(hash, conduct->quiet_ms);
	hash = fingerprint_number(hash, setting->version);
	hash = fingerprint_number(hash, setting->stream);
	hash = fingerprint_number(hash, setting->member);
	hash = fingerprint_span(hash, setting->captured_ticket);
	return fingerprint_span(hash, setting->captured_session_id);
}

uint64_t probe_fingerprint(const struct probe *probe)
{
	uint64_t hash = fingerprint_number(FINGERPRINT_BEGIN, probe->id);
	hash = fingerprint_number(hash, probe->kind);
	hash = fingerprint_number(hash, probe->purpose);
	hash = fingerprint_number(hash, probe->version);
	hash = fingerprint_number(hash, probe->suites_len);
	for (size_t i = 0; i < probe->suites_len; i++)
		hash = fingerprint_number(hash, probe->suites[i]);
	hash = over_shape(hash, probe->shape);
	hash = over_conduct(hash, probe->conduct);
	hash = fingerprint_span(hash, probe->raw.bytes);
	hash = fingerprint_number(hash, probe->raw.cut);
	hash = fingerprint_text(hash, probe->upgrade->name);
	hash = fingerprint_text(hash, probe->user);
	hash = fingerprint_text(hash, probe->database);
	hash = fingerprint_number(hash, probe->depth);
	hash = fingerprint_number(hash, 2u * probe->whole_flight + probe->patient);
	hash = fingerprint_number(hash, probe->seed);
	return fingerprint_number(hash, probe->question);
}

static uint64_t over_answer(uint64_t hash, const struct case_answer *answer)
{
	if (!answer)
		return fingerprint_number(hash, 0);
	hash = fingerprint_text(hash, answer->unmet);
	hash = fingerprint_text(hash, answer->broken);
	hash = fingerprint_text(hash, answer->broken_before);
	hash = fingerprint_number(hash, answer->steps_done);
	hash = fingerprint_number(hash, answer->alerts);
	hash = fingerprint_span(hash, answer->random);
	hash = fingerprint_span(hash, answer->extensions);
	hash = fingerprint_span(hash, answer->clear);
	hash = fingerprint_span(hash, answer->application);
	return fingerprint_span(hash, answer->ticket);
}

static uint64_t over_certificates(uint64_t hash, const struct certificate_list *list)
{
	hash = fingerprint_number(hash, list ? list->len : 0);
	for (size_t i = 0; list && i < list->len; i++)
		hash = fingerprint_span(hash, list->der[i]);
	return hash;
}

static uint64_t over_texts(uint64_t hash, const struct observation *seen)
{
	hash = fingerprint_text(hash, seen->broken);
	hash = fingerprint_text(hash, seen->unable);
	hash = fingerprint_text(hash, seen->session);
	hash = fingerprint_text(hash, seen->disagreement);
	hash = fingerprint_text(hash, seen->message);
	return fingerprint_text(hash, seen->refusal ? seen->refusal->sqlstate : NULL);
}

uint64_t observation_fingerprint(const struct observation *seen)
{
	const bool flags[] = {
		seen->after_server_hello,
		seen->overload,
		seen->retried_hello,
		seen->extra_bytes,
		seen->certificate_requested,
		seen->flight_complete,
		seen->cut_off,
		seen->extended_master_secret,
		seen->encrypt_then_mac,
		seen->secure_renegotiation,
	};
	const uint64_t numbers[] = {
		seen->outcome,	   seen->layer,	  seen->version,     seen->version_code,
		seen->suite,	   seen->alert,	  seen->alert_level, seen->downgrade,
		seen->group,	   seen->dh_bits, seen->depth,	     seen->signature_scheme,
		seen->compression,
	};
	uint64_t hash = FINGERPRINT_BEGIN;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		hash = fingerprint_number(hash, flags[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		hash = fingerprint_number(hash, numbers[i]);
	hash = over_texts(hash, seen);
	hash = fingerprint_span(hash, seen->server_extensions);
	hash = fingerprint_span(hash, seen->kinds);
	hash = over_certificates(hash, seen->certificates);
	return over_answer(hash, seen->answer);
}
