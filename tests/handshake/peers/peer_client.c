/* SPDX-License-Identifier: Apache-2.0 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <mbedtls/pem.h>

#include "base/limits.h"
#include "handshake/binder.h"
#include "peer_hello.h"
#include "registry/registry.h"
#include "wire/record.h"

/*
 * peer_client PORT [VERSION [SUITE]] [resume] [certificate PEM KEY]: handshakes with 127.0.0.1, one
 * a line, in every version and suite, or in those that are named, with a GET behind each:
 *     VERSION SUITE OUTCOME
 * where OUTCOME is "finished", "resumed", "finished with our certificate" or a reason.
 */
#define DEADLINE_S 10
#define ARENA_MAX  (4 * 1024 * 1024)

static const char get[] = "GET / HTTP/1.0\r\n\r\n";
static const uint8_t psk[] = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
			       0x88, 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF };

struct job {
	unsigned port;
	enum version version; /* NONE: all */
	const struct cipher_suite *suite;
	bool resume;
	struct signing_key *key;
	struct certificate_list chain;
	bool failed;
};

/* One connection. `answer` holds the beginning of what the server said to the GET. */
struct session {
	int socket;
	struct arena *arena;
	struct probe probe;
	struct shape shape;
	const struct resumption *resume;
	struct handshake *handshake;
	char answer[16];
	size_t answer_len;
	bool closed, asked;
};

static int dial(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval deadline = { .tv_sec = DEADLINE_S };
	int one = 1, s = socket(AF_INET, SOCK_STREAM, 0);
	setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
	setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
	setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(s, (struct sockaddr *)&address, sizeof address) == 0)
		return s;
	perror("peer_client: cannot connect");
	exit(2);
}

static bool send_all(struct session *session, struct span bytes)
{
	while (bytes.len) {
		ssize_t n = send(session->socket, bytes.at, bytes.len, MSG_NOSIGNAL);
		if (n <= 0)
			return false;
		bytes = span_skip(bytes, (size_t)n);
	}
	return true;
}

static bool send_hello(struct session *session, struct span message, uint16_t version)
{
	uint8_t header[RECORD_HEADER_LEN];
	record_header_encode(header, CONTENT_HANDSHAKE, version, (uint16_t)message.len);
	return message.len && send_all(session, span_of(header, sizeof header)) &&
	       send_all(session, message);
}

static void answer_retry(struct session *session)
{
	const struct server_hello *request = handshake_retry_request(session->handshake);
	if (!request)
		return;
	struct retry retry = { request->selected_group, request->cookie };
	struct span before = handshake_retry_transcript(session->handshake);
	struct span message =
		peer_hello(session->arena, &session->probe, &retry, session->resume, before);
	session->closed = !send_hello(session, message, 0x0303);
	handshake_retry(session->handshake, message);
}

static void send_output(struct session *session)
{
	struct span out = handshake_output(session->handshake);
	if (out.len && !send_all(session, out))
		session->closed = true;
	handshake_sent(session->handshake, out.len);
}

static void take_answer(struct session *session)
{
	struct span bytes = handshake_read(session->handshake);
	size_t room = sizeof session->answer - session->answer_len;
	size_t len = bytes.len < room ? bytes.len : room;
	if (len)
		memcpy(session->answer + session->answer_len, bytes.at, len);
	session->answer_len += len;
}

static bool is_answered(const struct session *session)
{
	return session->answer_len >= 7 && memcmp(session->answer, "HTTP/1.", 7) == 0;
}

/* Until the answer has begun, the server has ended it, or the deadline has passed. */
static void converse(struct session *session)
{
	const struct handshake_facts *facts = handshake_facts(session->handshake);
	uint8_t bytes[16384];
	while (!session->closed && !is_answered(session) &&
	       (facts->phase == PHASE_NEGOTIATING || facts->phase == PHASE_FINISHED)) {
		ssize_t n = recv(session->socket, bytes, sizeof bytes, 0);
		session->closed = n <= 0;
		if (n > 0)
			handshake_input(session->handshake, span_of(bytes, (size_t)n));
		answer_retry(session);
		if (facts->phase == PHASE_FINISHED && !session->asked) {
			session->asked = true;
			if (handshake_write(session->handshake, span_text(get)))
				session->closed = true;
		}
		send_output(session);
		take_answer(session);
	}
}

static bool run(struct session *session, const struct job *job, enum version version,
		const struct cipher_suite *suite)
{
	session->shape = (struct shape){ .server_name = "localhost" };
	session->probe = (struct probe){
		.id = 1,
		.kind = PROBE_HELLO,
		.version = version,
		.suites = { suite->code },
		.suites_len = 1,
		.shape = &session->shape,
		.upgrade = upgrade_by_name(span_text("tls")),
		.seed = 1,
	};
	struct span hello = peer_hello(session->arena, &session->probe, NULL, session->resume,
				       span_of(NULL, 0));
	struct handshake_options options = {
		.client_hello = hello,
		.seed = 1,
		.psk = span_of(psk, sizeof psk),
		.psk_identity = span_text("Client_identity"),
		.client_key = job->key,
		.client_chain = job->chain.len ? &job->chain : NULL,
		.resume = session->resume,
		.offered_resumption_psk = session->resume && version == TLS1_3,
	};
	session->handshake = handshake_new(session->arena, &options);
	if (!session->handshake)
		return false;
	session->socket = dial(job->port);
	session->closed = !send_hello(session, hello, 0x0301);
	converse(session);
	handshake_shutdown(session->handshake);
	send_output(session);
	close(session->socket);
	return true;
}

/* The reason in words, and whether it is one of ours. */
static bool describe(char *out, size_t cap, const struct session *session, const struct job *job)
{
	const struct handshake_facts *facts = handshake_facts(session->handshake);
	const char *alert = registry_name(&registry_alerts, facts->alert);
	bool hello = facts->version != VERSION_NONE;
	if (session->asked && is_answered(session))
		snprintf(out, cap, "%s",
			 facts->resumed ? "resumed"
			 : facts->certificate_requested && job->chain.len
				 ? "finished with our certificate"
				 : "finished");
	else if (facts->phase == PHASE_UNABLE)
		snprintf(out, cap, "%s", facts->detail);
	else if (facts->phase == PHASE_VIOLATED)
		snprintf(out, cap, "%s: %s", violation_text(facts->violation), facts->detail);
	else if (session->asked)
		snprintf(out, cap, "finished, but no answer to the GET");
	else if (facts->phase == PHASE_ALERTED)
		snprintf(out, cap, "%s: alert %s", hello ? "broken off" : "not accepted",
			 alert ? alert : "of an unknown number");
	else
		snprintf(out, cap, "%s: closed", hello ? "broken off" : "not accepted");
	return facts->phase != PHASE_VIOLATED && (is_answered(session) || !session->asked) &&
	       !(hello && facts->phase == PHASE_ALERTED && !is_answered(session));
}

static struct resumption session_of(const struct session *session)
{
	const struct handshake_facts none = { .version = VERSION_NONE };
	const struct handshake_facts *facts =
		session->handshake ? handshake_facts(session->handshake) : &none;
	bool tls13 = facts->version == TLS1_3;
	return (struct resumption){
		.version = facts->version,
		.suite = facts->suite,
		.session_id = facts->session_id,
		.ticket = facts->ticket,
		.secret = tls13 ? facts->resumption_secret : facts->master_secret,
		.extended_master_secret = facts->extended_master_secret,
		.ticket_age_add = facts->ticket_age_add,
	};
}

static void ask(struct job *job, enum version version, const struct cipher_suite *suite)
{
	struct arena arena;
	char outcome[256] = "out of memory";
	arena_init(&arena, ARENA_MAX);
	struct session first = { .arena = &arena }, second = { .arena = &arena };
	struct session *last = &first;
	bool good = run(&first, job, version, suite);
	struct resumption resume = session_of(&first);
	/* Without either there is nothing to resume: the outcome stays "finished". */
	bool resumable = resume.ticket.len || (version < TLS1_3 && resume.session_id.len);
	if (good && job->resume && is_answered(&first) && resumable) {
		second.resume = &resume;
		last = &second;
		good = run(last, job, version, suite);
	}
	if (good)
		good = describe(outcome, sizeof outcome, last, job);
	printf("%s %s %s\n", version_name(version), suite->name, outcome);
	job->failed = job->failed || !good;
	handshake_free(first.handshake);
	handshake_free(second.handshake);
	arena_release(&arena);
}

static void ask_all(struct job *job)
{
	for (enum version v = TLS1_0; v <= TLS1_3; v++) {
		if (job->version != VERSION_NONE && job->version != v)
			continue;
		for (size_t i = 0; i < cipher_suites_len; i++) {
			const struct cipher_suite *suite = &cipher_suites[i];
			bool named = !job->suite || job->suite == suite;
			if (named && suite->registered && cipher_suite_in(suite, v))
				ask(job, v, suite);
		}
	}
}

static struct span read_file(const char *path)
{
	static uint8_t room[2][PRIVATE_KEY_MAX];
	static size_t used;
	FILE *in = fopen(path, "r");
	if (!in) {
		perror(path);
		exit(2);
	}
	uint8_t *at = room[used++ % 2];
	size_t len = fread(at, 1, PRIVATE_KEY_MAX - 1, in);
	fclose(in);
	at[len] = 0;
	return span_of(at, len);
}

static void take_certificate(struct job *job, const char *certificate, const char *key)
{
	static mbedtls_pem_context pem;
	char why[128];
	size_t used;
	mbedtls_pem_init(&pem);
	job->key = signing_key_read(read_file(key), why, sizeof why);
	if (!job->key || mbedtls_pem_read_buffer(&pem, "-----BEGIN CERTIFICATE-----",
						 "-----END CERTIFICATE-----",
						 read_file(certificate).at, NULL, 0, &used)) {
		fprintf(stderr, "peer_client: cannot read '%s' and '%s'\n", certificate, key);
		exit(2);
	}
	job->chain.der[0] = span_of(pem.buf, pem.buflen);
	job->chain.len = 1;
}

int main(int argc, char **argv)
{
	struct job job = { .version = VERSION_NONE };
	if (argc < 2)
		return 2;
	job.port = (unsigned)strtoul(argv[1], NULL, 10);
	for (int i = 2; i < argc; i++) {
		struct span word = span_text(argv[i]);
		if (span_is(word, "resume"))
			job.resume = true;
		else if (span_is(word, "certificate") && i + 2 < argc)
			take_certificate(&job, argv[i + 1], argv[i + 2]), i += 2;
		else if (version_by_name(word) != VERSION_NONE)
			job.version = version_by_name(word);
		else if (cipher_suite_by_name(word))
			job.suite = cipher_suite_by_name(word);
		else
			return 2;
	}
	ask_all(&job);
	signing_key_free(job.key);
	return job.failed;
}
