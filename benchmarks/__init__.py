"""What the gateway costs, measured beside other gateways in one interleaved run: ``make bench``.

``load`` is the load generator, a process of its own; ``processes`` starts and meters processes;
``contestants`` knows how each gateway is started and what it does; ``harness`` runs the rounds;
``report`` turns medians into ratios. The upstream is ``mainspring.testing.upstream``.
"""
