"""The OpenAI protocol: errors, the few request fields the gateway reads, streams, model lists."""
