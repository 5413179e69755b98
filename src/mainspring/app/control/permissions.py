"""Every permission of the platform: what roles are made of, and what routes name."""

from typing import Final

from mainspring.capabilities.alerts import api as alerts
from mainspring.capabilities.audit import api as audit
from mainspring.capabilities.calls import api as calls
from mainspring.capabilities.catalog import api as catalog
from mainspring.capabilities.datasets import api as datasets
from mainspring.capabilities.federation import api as federation
from mainspring.capabilities.fleet import api as fleet
from mainspring.capabilities.identity import api as identity
from mainspring.capabilities.metering import api as metering
from mainspring.capabilities.oauth import api as oauth
from mainspring.capabilities.oversight import api as oversight
from mainspring.capabilities.policy import api as policy
from mainspring.capabilities.releases import api as releases
from mainspring.capabilities.secrets import api as secrets
from mainspring.capabilities.selfservice import api as selfservice
from mainspring.capabilities.slo import api as slo
from mainspring.capabilities.tenancy import api as tenancy
from mainspring.kernel.access import Permission

ALL_PERMISSIONS: Final[tuple[Permission, ...]] = tuple(
    sorted(
        (
            permission
            for capability in (
                identity,
                tenancy,
                catalog,
                policy,
                releases,
                metering,
                calls,
                datasets,
                fleet,
                federation,
                oauth,
                audit,
                selfservice,
                oversight,
                secrets,
                slo,
                alerts,
            )
            for permission in capability.PERMISSIONS
        ),
        key=lambda permission: permission.name,
    )
)
"""In the order of their names; a capability that is not listed here protects nothing."""
