"""OAuth2 for machines: service accounts, their secrets, and the platform's own signed tokens.

May enter: whatever RFC 6749 (client credentials), RFC 9068 and RFC 8414 ask of an issuer. Must
never know: how gateways verify a token, or other organisations' providers (federation).
"""
