"""How our own clients keep connections that rest. Nothing but httpx is needed here."""

import httpx

RESTING = httpx.Limits(max_connections=None, max_keepalive_connections=None, keepalive_expiry=60)
"""httpx also closes a connection that it has just given to another request when it gives up several at once, because
they rested for too long or are too many: that request fails (`ReadError`) though nobody is away. So it gives them up as
seldom as can be, though sooner than our servers do (`KEEP_ALIVE_SECONDS`)."""
