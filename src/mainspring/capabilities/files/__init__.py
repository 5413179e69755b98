"""Files that callers upload, and those that the platform makes for them.

May enter: what a file is called and whose it is, its bounds and its end; the bytes lie in a store
of blobs. Must never know: what is in a file, or how it came here.
Failure: a file is there whole or not at all; what an interruption leaves behind is swept up.
"""
