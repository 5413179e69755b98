"""Federation: whose tokens organisations believe, and what they mean here.

May enter: outside identity providers, their keys, what a bearer of their tokens may do. Must never
know: how gateways verify a token, or how people's accounts and roles are kept.
"""
