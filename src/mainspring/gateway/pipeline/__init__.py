"""What happens to one request, stage by stage.

``dispatch`` finds the route; ``identity`` tells who asks; ``model_call`` reads the envelope,
resolves the model, reserves limits, and makes attempts; ``relay`` carries one attempt's answer to
the client; ``settlement`` closes the books. Every stage is a plain function call: on the ordinary
path nothing yields between a request's last byte and the bytes that go upstream, and answers are
relayed from the read callback. A stage that has to wait (a limiter behind a network, a guard) turns
the call into a coroutine, which the HTTP layer then runs as a task.

May enter: stages and what they share. Must never know: connections, files, the control plane.
"""
