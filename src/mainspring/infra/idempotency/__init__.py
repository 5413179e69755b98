"""Requests that may be sent twice and must act once: who sent which key, and what was answered.

May enter: the register of keys and their answers, its housekeeping.
Must never know: what a request does, or how it arrives. Answers may hold secrets that are shown
once, so they rest here sealed.
"""

from mainspring.infra.idempotency.register import Answer, IdempotencyRegister, sealed_answers

__all__ = ["Answer", "IdempotencyRegister", "sealed_answers"]
