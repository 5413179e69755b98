"""What the platform governs, one package each, all of one inner shape.

``domain`` (values and rules), ``ports`` (what it needs), ``service`` (what it does), ``api`` (its
only door for other capabilities and for ``app``), ``http`` (routes), ``jobs`` (durable work),
``store`` (PostgreSQL). Capabilities meet only through each other's ``api``.
"""
