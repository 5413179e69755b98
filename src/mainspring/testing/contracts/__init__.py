"""Contract suites: what every implementation of a port must do, as tests to inherit.

A suite is a class of test methods around a harness that you provide. Collect it with pytest by a
subclass whose name starts with ``Test``.
"""
