"""Metering: the ledger of calls. Every call is in it once, and every figure traces to a record.

May enter: usage records, their exactly-once arrival, lists and sums over them, the live feed, and
the comparison with what gateways counted.
Must never know: what a token costs (prices), or who may have what left (limits).
Failure: a batch is durable or refused as a whole; the gateway keeps what was refused.
"""
