"""Watching: what a gateway tells of its requests, beside their answers and their bills.

A request leaves one note, when its answer has ended. The line of the access log is made of it at
once, in two microseconds, and written in the background; spans and records of calls, which few
requests have, are made in the background, a few at a time, so that no request waits for them.
Every queue here is bounded and counts what it drops: a slow disk or a dead collector costs notes,
never requests. Usage is no part of this; it has the durable spool and loses nothing.

May enter: notes, what is made of them, and how they leave the process. Must never know: how a
request is routed or limited. Nothing here may raise into a request.
"""
