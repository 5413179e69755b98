"""Releases: versions of models, and how each comes into service and leaves it.

May enter: the life of a version, its canary, what decides whether the canary goes on, and the card
of a model (what it is, under which licence, for what). Must never know: how gateways route (it
writes what they read), or how calls are recorded.
"""
