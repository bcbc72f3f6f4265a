/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

struct accepted {
	struct server *server;
	int fd;
	unsigned n;
};

static void *serve_one(void *context)
{
	struct accepted one = *(struct accepted *)context;
	free(context);
	one.server->serve(one.server, one.fd, one.n);
	atomic_fetch_sub(&one.server->open, 1);
	return NULL;
}

static void *accept_all(void *context)
{
	struct server *server = context;
	pthread_attr_t detached;
	pthread_attr_init(&detached);
	pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&detached, 65536);
	for (;;) {
		int fd = accept(server->listener, NULL, NULL);
		if (fd < 0 && errno == EMFILE)
			continue;
		if (fd < 0)
			return NULL;
		struct accepted *one = malloc(sizeof(*one));
		*one = (struct accepted){ server, fd, atomic_fetch_add(&server->accepted, 1) };
		atomic_fetch_add(&server->open, 1);
		pthread_t thread;
		cr_assert_eq(pthread_create(&thread, &detached, serve_one, one), 0);
	}
}

static void server_listen(struct server *server,
			  void (*serve)(struct server *server, int fd, unsigned n))
{
	struct addresses addresses;
	char why[128];
	*server = (struct server){ .serve = serve };
	cr_assert_eq(resolve_host(&addresses, "127.0.0.1", 0, NULL, 1000, why, sizeof(why)),
		     FAULT_NONE);
	struct sockaddr_in name = addresses.items[0].v4;
	socklen_t len = sizeof(name);
	server->listener = socket(AF_INET, SOCK_STREAM, 0);
	cr_assert_eq(bind(server->listener, (struct sockaddr *)&name, len), 0);
	cr_assert_eq(listen(server->listener, 512), 0);
	getsockname(server->listener, (struct sockaddr *)&name, &len);
	cr_assert_eq(resolve_host(&addresses, "127.0.0.1", ntohs(name.sin_port), NULL, 1000, why,
				  sizeof(why)),
		     FAULT_NONE);
	server->address = addresses.items[0];
}

void server_start(struct server *server, void (*serve)(struct server *server, int fd, unsigned n))
{
	pthread_t thread;
	server_listen(server, serve);
	cr_assert_eq(pthread_create(&thread, NULL, accept_all, server), 0);
}

void server_start_apart(struct server *server,
			void (*serve)(struct server *server, int fd, unsigned n))
{
	server_listen(server, serve);
	if (fork() == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		accept_all(server);
		_exit(0);
	}
}

size_t server_read(int fd, uint8_t *out, size_t n)
{
	size_t got = 0;
	while (got < n) {
		ssize_t more = recv(fd, out + got, n - got, 0);
		if (more <= 0)
			break;
		got += (size_t)more;
	}
	return got;
}

void server_read_record(int fd)
{
	uint8_t record[8192];
	if (server_read(fd, record, 5) == 5)
		server_read(fd, record + 5, (size_t)(record[3] << 8 | record[4]));
}

void server_abort(int fd)
{
	struct linger now = { 1, 0 };
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	close(fd);
}

void server_send(int fd, struct span bytes)
{
	(void)!send(fd, bytes.at, bytes.len, MSG_NOSIGNAL);
}

static enum prover_step next(void *context, struct probe *out)
{
	struct asker *asker = context;
	if (asker->asked == asker->len)
		return PROVER_DONE;
	if (asker->together && asker->asked - asker->answered >= asker->together)
		return PROVER_WAIT;
	*out = asker->probe;
	out->id = ++asker->asked;
	if (asker->asked - asker->answered > asker->most_together)
		asker->most_together = asker->asked - asker->answered;
	return PROVER_PROBE;
}

static void deliver(void *context, const struct probe *probe, const struct observation *observation)
{
	struct asker *asker = context;
	cr_assert_eq(observation->probe, probe->id);
	cr_assert_eq(asker->seen[probe->id - 1].outcome, OUTCOME_NONE, "answered once");
	asker->seen[probe->id - 1] = *observation;
	asker->answered++;
	if (asker->on_answer)
		asker->on_answer(asker);
}

static void progress(void *context, size_t *answered, size_t *planned)
{
	const struct asker *asker = context;
	*answered = asker->answered;
	*planned = asker->len;
}

struct engine_result ask(struct asker *asker, const struct engine_options *options)
{
	static struct arena keep;
	arena_release(&keep);
	arena_init(&keep, RUN_ARENA_MAX);
	struct engine_source source = { asker, next, deliver, progress };
	struct engine_result result;
	cr_assert_eq(engine_drive(&result, &source, &keep, options), FAULT_NONE);
	return result;
}

void asker_init(struct asker *asker, uint32_t len, const char *upgrade)
{
	static const struct shape shape;
	*asker = (struct asker){ .len = len };
	asker->probe = (struct probe){
		.version = TLS1_2,
		.suites = { 0xC02F },
		.suites_len = 1,
		.shape = &shape,
		.upgrade = upgrade_by_name(span_text(upgrade)),
	};
}
