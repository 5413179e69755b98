"""Opening transactions."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mainspring.capabilities.identity.ports.accounts import Accounts, Keys, Tokens
from mainspring.capabilities.identity.ports.directories import Directory
from mainspring.capabilities.identity.ports.people import People
from mainspring.capabilities.identity.ports.providers import Providers
from mainspring.kernel.scope import Scope


class Whole(Protocol):
    """Several views within one transaction."""

    @property
    def accounts(self) -> Accounts:
        """People and their sessions."""
        ...

    @property
    def people(self) -> People:
        """Members, groups, roles and invitations."""
        ...

    @property
    def providers(self) -> Providers:
        """Identity providers."""
        ...


class DirectoryWhole(Protocol):
    """A directory and what follows from it, within one transaction."""

    @property
    def accounts(self) -> Accounts:
        """People and their sessions."""
        ...

    @property
    def people(self) -> People:
        """Members, groups, roles and invitations."""
        ...

    @property
    def directory(self) -> Directory:
        """What directories say."""
        ...


class IdentityStore(Protocol):
    """Opens transactions; they commit when the block ends and roll back when it raises."""

    def accounts(self, scope: Scope) -> AbstractAsyncContextManager[Accounts]:
        """Open one over people."""
        ...

    def people(self, scope: Scope) -> AbstractAsyncContextManager[People]:
        """Open one over members, groups, roles and invitations."""
        ...

    def providers(self, scope: Scope) -> AbstractAsyncContextManager[Providers]:
        """Open one over identity providers."""
        ...

    def whole(self, scope: Scope) -> AbstractAsyncContextManager[Whole]:
        """Open one over people, their places, and who vouches for them."""
        ...

    def directory(self, scope: Scope) -> AbstractAsyncContextManager[DirectoryWhole]:
        """Open one over directories and what follows from them."""
        ...

    def tokens(self, scope: Scope) -> AbstractAsyncContextManager[Tokens]:
        """Open one over tokens."""
        ...

    def keys(self, scope: Scope) -> AbstractAsyncContextManager[Keys]:
        """Open one over API keys."""
        ...
