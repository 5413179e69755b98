"""Data sets: questions with what is expected of an answer, by hand or from recorded calls.

May enter: data sets, their items and versions. Must never know: who uses them, or how an answer is
judged.
"""
