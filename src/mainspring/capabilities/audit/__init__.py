"""Audit: who did what to which object, and that nobody changed the telling afterwards.

May enter: reading, exporting and verifying the trail; telling of what changes no row (a failed
sign-in, a refusal). Changes of rows are told by the database itself, see ``infra.db.audit``.
Must never know: what an object means to the capability that owns it.
"""
