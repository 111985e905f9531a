"""`python -m sandbox`: the sandbox as a process of its own."""

import argparse
import asyncio
import contextlib
import gc
import signal
import sys

from sandbox.running import DEFAULT_TOKEN
from sandbox.server import Server
from sandbox.world import World


async def serve(host: str, port: int, token: str) -> None:
    """Serve until the process is told to end."""
    server = Server(World(token))
    try:
        await server.start(host, port)
    except OSError as error:
        sys.exit(f"sandbox: {error.strerror or error}")
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    print(f"sandbox: http://{host}:{server.port}/  token {token}", flush=True)
    await stopped.wait()
    await server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default=DEFAULT_TOKEN, help="of the bot that is there first")
    arguments = parser.parse_args()
    gc.set_threshold(100_000, 50, 100)  # a world is large and has few cycles
    asyncio.run(serve(arguments.host, arguments.port, arguments.token))


if __name__ == "__main__":
    main()
