/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/fuzz_signals.h"

#include <signal.h>

/* libuv has one handler for all loops: as long as this one is there, an engine that comes and goes
 * does not bring the default back. */
static void on_signal(uv_signal_t *handle, int number)
{
	struct fuzz_signals *signals = handle->data;
	(void)number;
	signals->came = true;
	uv_signal_stop(handle);
}

enum fault fuzz_signals_begin(struct fuzz_signals *signals)
{
	static const int numbers[] = { SIGINT, SIGTERM };
	signals->came = false;
	if (uv_loop_init(&signals->loop) != 0)
		return FAULT_IO;
	for (size_t i = 0; i < 2; i++) {
		uv_signal_init(&signals->loop, &signals->handles[i]);
		signals->handles[i].data = signals;
		uv_signal_start(&signals->handles[i], on_signal, numbers[i]);
	}
	return FAULT_NONE;
}

bool fuzz_signals_look(struct fuzz_signals *signals)
{
	uv_run(&signals->loop, UV_RUN_NOWAIT);
	return signals->came;
}

void fuzz_signals_end(struct fuzz_signals *signals)
{
	for (size_t i = 0; i < 2; i++)
		uv_close((uv_handle_t *)&signals->handles[i], NULL);
	uv_run(&signals->loop, UV_RUN_DEFAULT);
	uv_loop_close(&signals->loop);
}
