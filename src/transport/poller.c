/* SPDX-License-Identifier: Apache-2.0 */
#include "transport/poller.h"

#include <assert.h>
#include <sys/epoll.h>
#include <unistd.h>

enum fault poller_init(struct poller *poller)
{
	poller->fd = epoll_create1(EPOLL_CLOEXEC);
	return poller->fd < 0 ? FAULT_IO : FAULT_NONE;
}

void poller_release(struct poller *poller)
{
	if (poller->fd >= 0)
		close(poller->fd);
	poller->fd = -1;
}

static void control(struct poller *poller, int operation, int fd, bool writing, void *owner)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = owner };
	if (writing)
		event.events |= EPOLLOUT;
	int status = epoll_ctl(poller->fd, operation, fd, &event);
	assert(status == 0);
	(void)status;
}

void poller_add(struct poller *poller, int fd, bool writing, void *owner)
{
	control(poller, EPOLL_CTL_ADD, fd, writing, owner);
}

void poller_change(struct poller *poller, int fd, bool writing, void *owner)
{
	control(poller, EPOLL_CTL_MOD, fd, writing, owner);
}

size_t poller_take(struct poller *poller, int wait_ms)
{
	struct epoll_event events[POLLER_BATCH];
	int n = epoll_wait(poller->fd, events, POLLER_BATCH, wait_ms);
	for (int i = 0; i < n; i++)
		poller->ready[i] = events[i].data.ptr;
	return n < 0 ? 0 : (size_t)n;
}
