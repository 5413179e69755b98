"""Answers that are kept and given again: to a retry with its idempotency key, or from the cache.

May enter: recording an answer while it is given, stores of kept answers, giving one again.
Must never know: how an answer is made. A call that asks for none of this pays nothing for it.
"""
