"""The data plane: it serves from memory and never waits for the control plane.

May enter: connections, the request pipeline, limits, metering, the in-memory snapshot.
Must never know: databases, the control plane's code, FastAPI, pydantic. A test asserts that none
of them is imported.
"""
