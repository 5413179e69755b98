"""Operating-system processes: how a child dies with its parent, and how one is recognised later.

May enter: signals, process identity, and the ties between a parent and its children.
Must never know: which parts the platform consists of; that is the supervisor's business.
"""
