"""Fakes and contract suites that we test with and ship, so that your tests can use them too.

May enter: scripted peers that speak real protocols over real sockets, contract suites for ports.
Must never be imported by the rest of ``mainspring``.
"""
