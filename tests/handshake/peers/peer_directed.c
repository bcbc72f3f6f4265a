/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "handshake/handshake_directed.h"
#include "peer_hello.h"
#include "registry/registry.h"
#include "wire/handshake.h"
#include "wire/record.h"

/*
 * peer_directed PORT VERSION SUITE PLAY: one handshake under direction with 127.0.0.1; says what
 * came of it: "finished and answered", "finished", "alert NAME", "closed", a violation's sentence.
 * PLAY is
 *   right     message by message, then a GET
 *   complete  handshake_continue at once, then a GET
 *   finished  one bit of the Finished is wrong
 *   mac       one bit of the Finished's MAC or tag is wrong
 *   late-mac  one bit of the GET's MAC or tag is wrong
 *   exchange  a ClientKeyExchange of one byte
 *   early     ChangeCipherSpec before anything else (TLS 1.3: a KeyUpdate)
 *   update    a KeyUpdate before the GET (TLS 1.3)
 */
#define DEADLINE_S 3
#define ARENA_MAX  (4 * 1024 * 1024)

static const char get[] = "GET / HTTP/1.0\r\n\r\n";

struct session {
	int socket;
	struct arena arena;
	struct probe probe;
	struct shape shape;
	struct handshake *handshake;
	const struct handshake_facts *facts;
	uint16_t record_version;
	bool closed, answered;
};

static bool play_is(const char *play, const char *name)
{
	return strcmp(play, name) == 0;
}

static void send_all(struct session *session, struct span bytes)
{
	while (bytes.len && !session->closed) {
		ssize_t n = send(session->socket, bytes.at, bytes.len, MSG_NOSIGNAL);
		session->closed = n <= 0;
		bytes = span_skip(bytes, n > 0 ? (size_t)n : bytes.len);
	}
}

static void say(struct session *session, uint8_t type, struct span fragment, unsigned spoil)
{
	static uint8_t bytes[RECORD_HEADER_LEN + RECORD_CIPHERTEXT_MAX];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	if (!handshake_is_sealing(session->handshake))
		record_encode(&b, &(struct record){ type, session->record_version, fragment }, 0);
	else if (handshake_seal_record(session->handshake, &b, type, session->record_version,
				       fragment, spoil))
		exit(2);
	send_all(session, builder_view(&b));
}

static void say_message(struct session *session, uint8_t type, struct span body, unsigned spoil)
{
	uint8_t bytes[4096];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	handshake_encode(&b, type, body, 0);
	say(session, CONTENT_HANDSHAKE, builder_view(&b), spoil);
	handshake_note_message(session->handshake, builder_view(&b));
}

static void say_change(struct session *session)
{
	say(session, CONTENT_CHANGE_CIPHER_SPEC, span_of("\1", 1), 0);
	handshake_note_change_cipher_spec(session->handshake);
}

static void hear(struct session *session)
{
	uint8_t bytes[16384];
	ssize_t n = recv(session->socket, bytes, sizeof bytes, 0);
	session->closed = session->closed || n <= 0;
	if (n > 0)
		handshake_input(session->handshake, span_of(bytes, (size_t)n));
	const struct server_hello *request = handshake_retry_request(session->handshake);
	if (request) {
		struct retry retry = { request->selected_group, request->cookie };
		struct span hello = peer_hello(&session->arena, &session->probe, &retry, NULL,
					       span_of(NULL, 0));
		send_all(session, span_of("\x16\3\3", 3));
		uint8_t len[] = { (uint8_t)(hello.len >> 8), (uint8_t)hello.len };
		send_all(session, span_of(len, 2));
		send_all(session, hello);
		handshake_retry(session->handshake, hello);
	}
	struct span out = handshake_output(session->handshake);
	send_all(session, out);
	handshake_sent(session->handshake, out.len);
	struct span data = handshake_read(session->handshake);
	if (data.len >= 7 && memcmp(data.at, "HTTP/1.", 7) == 0)
		session->answered = true;
}

static void hear_until(struct session *session, enum handshake_phase phase)
{
	while (!session->closed && !session->answered && session->facts->phase != phase &&
	       session->facts->phase != PHASE_ALERTED)
		hear(session);
}

static void say_finished(struct session *session, const char *play)
{
	uint8_t body[64] = { 0 };
	struct span right = handshake_body(session->handshake, HANDSHAKE_FINISHED);
	if (right.len)
		memcpy(body, right.at, right.len);
	body[0] ^= play_is(play, "finished");
	say_message(session, HANDSHAKE_FINISHED, span_of(body, right.len ? right.len : 12),
		    play_is(play, "mac"));
}

static void say_flight(struct session *session, const char *play)
{
	bool tls13 = session->facts->version == TLS1_3;
	if (play_is(play, "early") && tls13)
		say_message(session, HANDSHAKE_KEY_UPDATE, span_of("\0", 1), 0);
	else if (play_is(play, "early"))
		say_change(session);
	if (session->facts->certificate_requested)
		say_message(session, HANDSHAKE_CERTIFICATE,
			    handshake_body(session->handshake, HANDSHAKE_CERTIFICATE), 0);
	if (!tls13) {
		struct span body =
			handshake_body(session->handshake, HANDSHAKE_CLIENT_KEY_EXCHANGE);
		if (play_is(play, "exchange"))
			body = span_of("\1", 1);
		say_message(session, HANDSHAKE_CLIENT_KEY_EXCHANGE, body, 0);
		say_change(session);
	}
	say_finished(session, play);
}

static void talk(struct session *session, const char *play)
{
	hear_until(session, PHASE_OUR_TURN);
	if (session->facts->phase == PHASE_OUR_TURN)
		say_flight(session, play);
	hear_until(session, PHASE_FINISHED);
}

static void ask(struct session *session, const char *play)
{
	if (session->facts->phase != PHASE_FINISHED)
		return;
	if (play_is(play, "update"))
		say_message(session, HANDSHAKE_KEY_UPDATE, span_of("\1", 1), 0);
	say(session, CONTENT_APPLICATION_DATA, span_text(get), play_is(play, "late-mac"));
	hear_until(session, PHASE_ALERTED);
}

static void tell(const struct session *session)
{
	const struct handshake_facts *facts = session->facts;
	const char *alert = registry_name(&registry_alerts, facts->alert);
	if (facts->violation != VIOLATION_NONE)
		printf("%s: %s\n", violation_text(facts->violation), facts->detail);
	else if (session->answered)
		printf("finished and answered\n");
	else if (facts->phase == PHASE_ALERTED)
		printf("%salert %s\n", facts->has_finished ? "finished, " : "", alert);
	else
		printf("%s\n", facts->has_finished ? "finished" : "closed");
}

static int dial(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval deadline = { .tv_sec = DEADLINE_S };
	int s = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
	if (connect(s, (struct sockaddr *)&address, sizeof address) == 0)
		return s;
	perror("peer_directed: cannot connect");
	exit(2);
}

static bool start(struct session *session, unsigned port, enum version version, uint16_t suite)
{
	arena_init(&session->arena, ARENA_MAX);
	session->shape = (struct shape){ .server_name = "localhost" };
	session->probe = (struct probe){ .id = 1,
					 .kind = PROBE_HELLO,
					 .version = version,
					 .suites = { suite },
					 .suites_len = 1,
					 .shape = &session->shape,
					 .upgrade = upgrade_by_name(span_text("tls")),
					 .seed = 1 };
	struct span hello =
		peer_hello(&session->arena, &session->probe, NULL, NULL, span_of(NULL, 0));
	struct handshake_options options = { .client_hello = hello, .seed = 1, .directed = true };
	session->handshake = handshake_new(&session->arena, &options);
	session->record_version = version == TLS1_3 ? 0x0303 : version_code(version);
	if (!session->handshake)
		return false;
	session->facts = handshake_facts(session->handshake);
	session->socket = dial(port);
	struct record record = { CONTENT_HANDSHAKE, 0x0301, hello };
	uint8_t bytes[4096];
	struct builder b;
	builder_init(&b, bytes, sizeof bytes, NULL, 0);
	record_encode(&b, &record, 0);
	send_all(session, builder_view(&b));
	return true;
}

int main(int argc, char **argv)
{
	struct session session = { .socket = -1 };
	const struct cipher_suite *suite =
		argc == 5 ? cipher_suite_by_name(span_text(argv[3])) : NULL;
	if (!suite || !start(&session, (unsigned)strtoul(argv[1], NULL, 10),
			     version_by_name(span_text(argv[2])), suite->code))
		return 2;
	if (play_is(argv[4], "complete")) {
		handshake_continue(session.handshake);
		hear_until(&session, PHASE_FINISHED);
	} else {
		talk(&session, argv[4]);
	}
	ask(&session, argv[4]);
	tell(&session);
	close(session.socket);
	handshake_free(session.handshake);
	arena_release(&session.arena);
	return 0;
}
