"""Ground floor: ids, scope, clock, money, errors, task ownership.

May enter: values and small pure functions that every other room needs.
Must never know: HTTP, databases, files, configuration, or any other room of ours.
"""
