"""Mainspring: a self-hosted enterprise LLM platform.

The package is layered; a room may use the rooms below it and never those above:

    app                     settings, wiring, process roles, supervisor, command line
    gateway | capabilities  the data plane and the control plane; they never meet directly
    infra                   databases, jobs, secrets, HTTP links, runtimes
    snapshot                what control tells the gateway, and pure functions over it
    wire                    the shapes that leave or enter a process
    kernel                  ids, scope, time, money, errors

``testing`` stands beside them: scripted peers and contract suites for our tests and yours.
"""

__version__ = "0.1.0"
