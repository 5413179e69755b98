"""Self-service: who asks for a model, who has to agree, and what is issued then.

May enter: rules of approval, requests with their decisions, what was granted and until when. Must
never know: how gateways enforce a key's bounds (a grant is a key with an allow-list and limits).
"""
