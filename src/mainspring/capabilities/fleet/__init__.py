"""Fleet: which parts of the platform run, and how they are.

May enter: heartbeats, what follows from their absence.
Must never know: how parts are started or restarted; that is the supervisor's or the cluster's.
"""
