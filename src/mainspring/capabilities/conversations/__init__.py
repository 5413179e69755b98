"""Conversations: responses that were kept, to go on with, to read again, to delete.

May enter: turns as gateways deliver them, their exactly-once arrival, chains of them, their end.
Must never know: how a model is called, or what a turn says; input and output are bytes here.
Failure: a batch is durable or refused as a whole; the gateway keeps what was refused.
"""
