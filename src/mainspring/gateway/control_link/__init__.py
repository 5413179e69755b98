"""The gateway's side of the link to control, and the file that replaces it.

May enter: the snapshot stream, the last-good file, heartbeats, a small client for the internal
HTTP. Must never know: requests of callers. Everything here may fail for hours; traffic goes on.
"""
