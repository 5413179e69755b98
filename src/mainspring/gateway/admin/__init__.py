"""What operators ask of a gateway: is it alive, may it serve, what has it counted.

May enter: health, metrics, and their text form. Must never know: bodies or secrets. Label values
come from closed sets: operations, status classes, error codes, known models and upstreams.
"""
