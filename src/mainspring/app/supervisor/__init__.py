"""The supervisor behind ``mainspring up``: starts the parts, watches them, and leaves none behind.

``plan`` says which parts there are, ``launch`` how one is started, ``child`` is one running
process, ``runner`` keeps one part alive, ``supervisor`` holds them together; ``log_stream``,
``state`` and ``heartbeats`` tell the outside.

May enter: process control, readiness, restarts, the account of what runs.
Must never know: what the parts do.
"""
