"""Shapes that enter or leave a process: vendor protocols, records, telemetry names.

May enter: typed messages, their encoders and decoders, one mapping of our errors per protocol.
Must never know: sockets, databases, snapshots, or who is asking. Lenient on input (unknown fields
pass through), exact on output.
"""
