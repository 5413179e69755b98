"""Batches: many calls in one file, made by and by, on the account of the key that asked.

May enter: the batch and its items, their states, the file they come from and those they go to.
Must never know: what a call means; it is sent through the gateway like anybody's.
Failure: an item that was interrupted is made again under the same request id, so that the ledger
counts it once.
"""
