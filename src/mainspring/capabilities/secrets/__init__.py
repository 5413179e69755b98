"""The platform's master keys: which there are, who holds them, and changing them while it runs.

May enter: what operators see and do about keys and the secrets they seal. Must never know: what a
secret is for, or a secret in clear for longer than it takes to seal it anew.
"""
