"""What a process can tell of itself and of the machine that it runs on.

May enter: readers of the operating system and of accelerators. Must never know who scrapes.
"""
