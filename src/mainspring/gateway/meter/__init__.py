"""What happened, written down before the client hears its end, and delivered exactly once.

May enter: the spool, the recorder that fills it, the shipper that empties it toward control.
Must never know: prices, budgets or tenants' names; a record holds ids and counts.
"""
