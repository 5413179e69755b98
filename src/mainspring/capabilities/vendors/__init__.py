"""Vendors: what model servers there are to choose from, and whether one of ours answers.

May enter: presets, which are data, and tests of the way to an upstream.
Must never know: callers of models; how upstreams are kept (the catalog does).
"""
