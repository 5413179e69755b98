"""Routes of ``/v1`` that the gateway fronts and control answers.

The gateway knows who asks and says so in :data:`IDENTITY_HEADER`, by a delegated identity that it
mints for this one call; control answers in the public API's own shape, and by a problem (RFC 9457)
where it refuses, which the gateway words anew for its client.
"""

from typing import Final

IDENTITY_HEADER: Final = "x-mainspring-identity"
FRONTED_PREFIX: Final = "/internal"
"""What stands before a public path at control: ``/v1/files`` is ``/internal/v1/files``."""
IDENTITY_S: Final = 900
"""How long the identity of one call is believed: as long as a large upload may take."""
