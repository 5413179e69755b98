"""What control tells the gateway: immutable resources, frames that carry them, pure evaluators.

May enter: frozen structs, their encoding, and functions that decide from them alone.
Must never know: sockets, files, clocks (a time is an argument), or how a resource is stored.
Control and gateway meet here and in ``wire``, nowhere else.
"""
