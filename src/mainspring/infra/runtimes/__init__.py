"""Embedded model runtimes: small HTTP servers around real engines, each in a process of its own.

May enter: the construction of one engine and the OpenAI-shaped server in front of it.
Must never know: keys, tenants, metering; callers reach a runtime through the gateway.
"""
