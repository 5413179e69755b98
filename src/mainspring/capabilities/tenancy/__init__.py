"""Tenancy: organisations and their projects, the tree under which everything else hangs.

May enter: what an organisation or a project is called, its limits, whether it is suspended.
Must never know: who belongs to it (identity), what it may call (catalog), what it used (metering).
"""
