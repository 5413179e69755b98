"""The memory of ``/v1/responses``: what was answered can be gone on with, read again, and deleted.

A kept turn goes into a spool of its own (usage never waits behind it, and a full one stops no
traffic) and from there to control; the most recent ones stay in memory. Only a call that names an
earlier response ever waits for control.

May enter: capturing answers, remembering them, finding them again, their routes.
Must never know: databases, or what an upstream's protocol is.
"""
