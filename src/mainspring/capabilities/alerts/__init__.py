"""Alerts: what is wrong at this moment, whom that is told, and who asked not to hear of it.

May enter: alerts of the platform's own parts and of an Alertmanager, channels and their messages,
silences, what waits to be sent. Must never know: how an alert came about, or what was promised.
"""
