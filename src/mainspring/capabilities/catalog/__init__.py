"""Catalog: what can be called. Upstreams are servers; models are names that lead to them.

May enter: addresses, credentials (sealed), models and their targets, what a model is good for.
Must never know: who may call a model, what a call costs, or how the gateway picks a target.
"""
