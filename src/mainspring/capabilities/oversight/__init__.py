"""Oversight: changes that need a second person, and what somebody does in an emergency without one.

May enter: which operations need two, changes that wait, emergencies and their reviews.
Must never know: what an operation does; a change is kept as the request that asked for it.
"""
