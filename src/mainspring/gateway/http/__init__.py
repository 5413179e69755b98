"""HTTP/1.1 on raw asyncio protocols: the server towards clients and the pools towards upstreams.

What belongs here: connections, framing, limits, deadlines, backpressure. What must never be known
here: models, keys, tenants, the OpenAI error shape (the ``refuse`` callable brings that).

- ``server``: :class:`HttpServer`, which gives each complete request to a handler as an
  :class:`~mainspring.gateway.http.exchange.Exchange`.
- ``pool``: :class:`Pool`, one per upstream origin, whose answers arrive at a
  :class:`~mainspring.gateway.http.sink.ResponseSink`.

Both sides call back synchronously, from inside the event loop's read callback, because one relayed
chunk then costs a handful of Python frames and no task switch.
"""
