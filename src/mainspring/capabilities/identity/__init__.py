"""Identity: people and machines, how they prove who they are, and what that lets them do.

May enter: accounts, memberships, sessions, tokens, API keys, the set-up of the first administrator.
Must never know: what a permission protects; it hands out grants, and ``kernel.authorize`` decides.
Secrets are kept as digests only; whoever reads the whole database can sign in as nobody.
"""
