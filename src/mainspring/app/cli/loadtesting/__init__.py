"""Putting load on a model and making sense of what came of it.

``workload`` says what is sent and when, ``exchange`` sends one request and times it, ``generator``
sends many, ``tally`` counts them into the figures of ``figures``, ``steps`` looks for the rate that
is too much, ``page`` draws a report and ``estimate`` reckons with one. Nothing here prints.
"""
