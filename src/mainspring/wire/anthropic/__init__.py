"""The Anthropic Messages protocol: errors, requests, answers, streams.

Shapes follow Anthropic's API reference for version 2023-06-01.
"""
