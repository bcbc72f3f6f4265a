/* SPDX-License-Identifier: Apache-2.0 */
#include "meter.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "unseen.h"

UNSEEN_BEGIN

static uint64_t unread, *meter;

static uint64_t *meter_open(void)
{
	const char *path = getenv("TLSGAUGE_METER");
	int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	if (file < 0)
		return &unread;
	void *at = MAP_FAILED;
	if (lseek(file, 0, SEEK_END) == sizeof(*meter))
		at = mmap(NULL, sizeof(*meter), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	close(file);
	return at == MAP_FAILED ? &unread : at;
}

void meter_count(void)
{
	if (!meter)
		meter = meter_open();
	++*meter;
}

UNSEEN_END
