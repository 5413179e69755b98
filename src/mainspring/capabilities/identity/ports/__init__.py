"""What identity needs from outside."""

from mainspring.capabilities.identity.ports.accounts import Accounts, Keys, Tokens
from mainspring.capabilities.identity.ports.directories import Directory
from mainspring.capabilities.identity.ports.outside import (
    NoSetupLink,
    PasswordHasher,
    SecretSealer,
    SetupLink,
)
from mainspring.capabilities.identity.ports.people import Ended, People
from mainspring.capabilities.identity.ports.providers import ProviderPort, Providers
from mainspring.capabilities.identity.ports.store import DirectoryWhole, IdentityStore, Whole

__all__ = [
    "Accounts",
    "Directory",
    "DirectoryWhole",
    "Ended",
    "IdentityStore",
    "Keys",
    "NoSetupLink",
    "PasswordHasher",
    "People",
    "ProviderPort",
    "Providers",
    "SecretSealer",
    "SetupLink",
    "Tokens",
    "Whole",
]
