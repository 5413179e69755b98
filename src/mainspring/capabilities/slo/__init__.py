"""Service level objectives: what is promised of calls, how it is kept, and when to be told.

May enter: objectives, their budgets and burn rates, rules for Prometheus, alerts that opened and
were resolved. Must never know: how a call is served, and by which way people are told.
"""
