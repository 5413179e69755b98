"""Where everything is put together: settings, wiring, process roles, supervisor, command line.

May enter: the reading of environment and files, construction of objects, process control.
Must never know: business rules; if a decision is made here, it belongs to a capability.
"""
