"""Self-service: who asks for a model, who has to agree, and what is issued then.

May enter: rules of approval, requests with their decisions, what was granted and until when, grants
of restricted models to projects. Must never know: how gateways enforce a key's bounds (a request
ends in a key with an allow-list and limits).
"""
