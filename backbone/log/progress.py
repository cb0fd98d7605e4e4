"""Tells whoever waits for rest that something has ended."""

import asyncio


class Progress:
    """Rung whenever something that was under way has ended. Take `next_end` first, then look, then wait for it."""

    def __init__(self) -> None:
        self.next_end = asyncio.Event()

    def made(self) -> None:
        self.next_end.set()
        self.next_end = asyncio.Event()
