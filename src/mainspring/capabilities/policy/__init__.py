"""Policy: what calls may say and what is kept of their answers, for whoever it is attached to.

May enter: rules for parameters and for the cache, whom they are attached to, what they come to.
Must never know: how the gateway applies them, or what a parameter means to a model's server.
"""
