"""Real engines behind small ports: PostgreSQL, durable jobs, secrets, HTTP links, model runtimes.

May enter: adapters to things that live outside our processes, each saying how it fails.
Must never know: what a tenant, a key or a price is for; that is the capabilities' business.
"""
