#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""broken.py HOW PORT BACKEND SHARE SEED AFTER - a server that misbehaves, see kinds/broken.sh.

Prints a line for each connection."""

import asyncio
import random
import socket
import struct
import sys

SSL_REQUEST = struct.pack("!II", 8, 80877103)
# What HTML, terminals, XML, CSV, TAP, Markdown and workflow commands would each act on.
HOSTILE = (b"</script></style><img src=x onerror=alert(1)>\"'&\x1b[31m\xff\xe2\x80\xae"
           b"]]>`[x](y)\r\n::error::no\r\n# SKIP \\ %0A | \xff\xfe =cmd|' /C calc'!A0 \x01\x7f end")


async def hang(reader, writer):
    while await reader.read(4096):
        pass


async def open_half(reader, writer):
    if await reader.readexactly(8) == SSL_REQUEST:
        writer.write(b"S")
    await hang(reader, writer)


def reset(writer):
    peer = writer.get_extra_info("socket")
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


def as_it_is(data):
    return data


def spoil_finished(data):
    """Flips a bit of what follows a ChangeCipherSpec: the server's Finished no longer verifies."""
    if b"\x14\x03\x03\x00\x01\x01" in data:
        data = data[:-1] + bytes([data[-1] ^ 1])
    return data


async def copy(reader, writer, change=as_it_is):
    try:
        while data := await reader.read(65536):
            writer.write(change(data))
            await writer.drain()
        writer.write_eof()
    except OSError:
        reset(writer)


async def relay(reader, writer, backend, change=as_it_is):
    behind_reader, behind_writer = await asyncio.open_connection("127.0.0.1", backend)
    await asyncio.gather(copy(reader, behind_writer), copy(behind_reader, writer, change))
    behind_writer.close()
    writer.close()


def refuser(backend, share, seed):
    choice = random.Random(seed)

    async def refuse_some(reader, writer):
        if choice.random() < share:
            reset(writer)
        else:
            await relay(reader, writer, backend)

    return refuse_some


def spoiler(backend):
    async def spoil(reader, writer):
        await relay(reader, writer, backend, spoil_finished)

    return spoil


def mortal(backend, after, last):
    served = 0

    async def serve_some(reader, writer):
        nonlocal served
        served += 1
        if served <= after:
            await relay(reader, writer, backend)
        else:
            await last(reader, writer)

    return serve_some


def answerer(answer):
    """Whatever is sent gets the same answer, and then the end."""

    async def answer_all(reader, writer):
        if await reader.read(4096):
            writer.write(answer)
        writer.close()

    return answer_all


def error_response(message):
    """A PostgreSQL ErrorResponse: FATAL, SQLSTATE 28000 and the message."""
    fields = b"SFATAL\0C28000\0M" + message + b"\0\0"
    return b"E" + struct.pack("!I", len(fields) + 4) + fields


async def close_at_once(reader, writer):
    writer.close()


def quiet(handle):
    async def handle_quietly(reader, writer):
        print("connection", flush=True)
        try:
            await handle(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    return handle_quietly


async def main():
    how, port, backend, share, seed, after = sys.argv[1:]
    handle = {
        "hung": hang,
        "half-open": open_half,
        "alerting": answerer(b"\x15\x03\x03\x00\x02\x02\x28"),
        "http": answerer(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"),
        "hostile": answerer(error_response(HOSTILE)),
        "refusing": refuser(int(backend), float(share), int(seed)),
        "spoiling": spoiler(int(backend)),
        "dying": mortal(int(backend), int(after), close_at_once),
        "choking": mortal(int(backend), int(after), hang),
    }[how]
    server = await asyncio.start_server(quiet(handle), "127.0.0.1", int(port), backlog=1024)
    async with server:
        await server.serve_forever()


asyncio.run(main())
