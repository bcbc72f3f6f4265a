/* SPDX-License-Identifier: Apache-2.0 */
#include "base/limits.h"
#include "mutate/body.h"
#include "mutate/operation.h"

static const uint16_t versions[] = { 0x0303, 0x0302, 0x0301, 0x0300, 0x0304, 0x0305,
				     0x0002, 0x0200, 0x0000, 0xFFFF, 0xFEFD, 0x7F1C };

bool operation_lengths_repair(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	struct hello_draft *hello = &message->hello;
	message->length_lie = 0;
	hello->session_id_lie = hello->suites_lie = hello->compression_lie = 0;
	hello->extensions_lie = 0;
	hello->tail = hello->suites_tail = span_of(NULL, 0);
	for (size_t i = 0; i < message->block.len; i++)
		message->block.items[i].length_lie = 0;
	return true;
}

bool operation_version_set(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	size_t pick = draw(flight, sizeof(versions) / sizeof(versions[0]) + 2);
	uint16_t any = (uint16_t)rng_u64(&flight->rng);
	message->hello.legacy_version = pick < sizeof(versions) / 2 ? versions[pick] : any;
	return true;
}

/* RFC 8446 4.1.3: a HelloRetryRequest is a ServerHello with this random. */
static const uint8_t retry_random[RANDOM_LEN] = { 0xCF, 0x21, 0xAD, 0x74, 0xE5, 0x9A, 0x61, 0x11,
						  0xBE, 0x1D, 0x8C, 0x02, 0x1E, 0x65, 0xB8, 0x91,
						  0xC2, 0xA2, 0x11, 0x16, 0x7A, 0xBB, 0x8C, 0x5E,
						  0x07, 0x9E, 0x09, 0xE2, 0xC8, 0xA8, 0x33, 0x9C };

bool operation_random_set(struct flight *flight)
{
	static const uint8_t zeros[RANDOM_LEN];
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	struct span *random = &message->hello.random;
	switch (draw(flight, 6)) {
	case 0:
		*random = span_of(zeros, sizeof(zeros));
		break;
	case 1:
		*random = span_of(retry_random, sizeof(retry_random));
		break;
	case 2:
		*random = flight_random(flight, draw(flight, 2 * RANDOM_LEN + 1));
		break;
	default:
		*random = flight_random(flight, RANDOM_LEN);
	}
	return true;
}

bool operation_session_id_set(struct flight *flight)
{
	static const uint8_t lens[] = { 0, 1, 16, 31, 32, 32, 33, 64, 255 };
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	size_t len = lens[draw(flight, sizeof(lens))];
	message->hello.session_id = flight_random(flight, len);
	return true;
}

bool operation_compression_set(struct flight *flight)
{
	static const uint8_t lists[] = { 0, 1, 0, 64, 0, 0, 255, 1, 64 };
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	size_t from = draw(flight, sizeof(lists)), room = sizeof(lists) - from;
	message->hello.compression = span_of(lists + from, draw(flight, (room < 4 ? room : 4) + 1));
	if (one_in(flight, 8))
		message->hello.compression = flight_random(flight, draw(flight, 256));
	return true;
}

bool operation_suites_odd(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	bool odd = message->hello.suites_tail.len % 2 != 0;
	message->hello.suites_tail = flight_random(flight, odd ? 0 : 1);
	return true;
}

bool operation_vector_lie(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	struct hello_draft *hello = &message->hello;
	size_t suites = 2 * hello->suites_len + hello->suites_tail.len;
	switch (draw(flight, 3)) {
	case 0:
		hello->session_id_lie = draw_lie(flight, 1, hello->session_id.len);
		break;
	case 1:
		hello->suites_lie = draw_lie(flight, 2, suites);
		break;
	default:
		hello->compression_lie = draw_lie(flight, 1, hello->compression.len);
	}
	return true;
}

bool operation_hello_tail(struct flight *flight)
{
	struct message *message = flight_hello(flight);
	if (!message)
		return false;
	message->hello.tail = flight_random(flight, 1 + draw(flight, 8));
	return true;
}

bool operation_bytes(struct flight *flight)
{
	/* What mutate.c does with the bytes once they are written. */
	return flight->arena != NULL;
}
