#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""mortal.py PORT BACKEND MARKER AWAY_MS - a proxy whose process dies of a hello that holds MARKER,
and is started again after AWAY_MS; with -1 it stays dead. See kinds/mortal.sh."""

import asyncio
import os
import signal
import sys
import time


async def copy(reader, writer, marker):
    try:
        while data := await reader.read(65536):
            if marker and marker in data:
                os._exit(1)
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.close()


def proxy(backend, marker):
    async def relay(reader, writer):
        behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", backend)
        await asyncio.gather(
            copy(reader, behind_writer, marker), copy(behind_reader, writer, None)
        )
        behind_writer.close()
        writer.close()

    return relay


async def serve(port, backend, marker):
    server = await asyncio.start_server(proxy(backend, marker), "127.0.0.1", port, backlog=1024)
    async with server:
        await server.serve_forever()


def main():
    port, backend, marker, away_ms = sys.argv[1:]
    while True:
        child = os.fork()
        if not child:
            asyncio.run(serve(int(port), int(backend), marker.encode()))
        signal.signal(signal.SIGTERM, lambda *_: (os.kill(child, signal.SIGKILL), os._exit(0)))
        os.waitpid(child, 0)
        print("died", flush=True)
        if int(away_ms) < 0:
            signal.pause()
        time.sleep(int(away_ms) / 1000)


main()
