"""Amazon Bedrock's Converse API, as an upstream speaks it.

Requests and answers are JSON; streams come in AWS' binary event-stream framing. Signing is not
done here: it needs credentials and a clock, and belongs to the gateway's upstreams.
"""
