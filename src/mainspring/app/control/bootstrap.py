"""What a new platform starts with, and what every start makes sure of.

Everything here may run again, and in several processes at once: what an administrator changed or
removed is left so.
"""

import logging
import socket

from mainspring.app.private_files import read_line, write_private
from mainspring.app.settings import ControlSettings
from mainspring.capabilities.catalog.api import CatalogService, UpstreamChanges
from mainspring.capabilities.identity.api import KeyService, SetupService, TokenService
from mainspring.capabilities.tenancy.api import TenancyService
from mainspring.kernel.errors import ConflictError
from mainspring.kernel.paging import PageRequest
from mainspring.kernel.scope import Scope
from mainspring.snapshot.resources import ModelTarget

_log = logging.getLogger(__name__)

_SELF = Scope.platform("bootstrap")
FIRST_KEY = "first"
CHAT_MODEL = "smollm2-135m-instruct"
EMBEDDING_MODEL = "multilingual-e5-small"


class Bootstrap:
    """Brings the platform to its starting state."""

    def __init__(
        self,
        settings: ControlSettings,
        *,
        tenancy: TenancyService,
        catalog: CatalogService,
        keys: KeyService,
        tokens: TokenService,
        setup: SetupService,
    ) -> None:
        self._settings = settings
        self._tenancy = tenancy
        self._catalog = catalog
        self._keys = keys
        self._tokens = tokens
        self._setup = setup

    async def run(self) -> None:
        """Make sure of everything."""
        project_id = await self._default_project()
        await self._embedded_models()
        if project_id is not None:
            await self._first_key(project_id)
        await self._admin_token()
        if await self._setup.offer():
            _log.info("no administrator yet: the set-up link is in the data directory")

    async def _default_project(self) -> str | None:
        """Return the default project; made only while there is no organisation at all."""
        if not (await self._tenancy.list_organizations(_SELF, PageRequest(limit=1))).items:
            try:
                await self._tenancy.create_organization(_SELF, name="Default", slug="default")
            except ConflictError:
                _log.info("another process made the default organisation")
        organization = await self._tenancy.find_organization(_SELF, "default")
        if organization is None:
            return None
        if not (
            await self._tenancy.list_projects(_SELF, organization.id, PageRequest(limit=1))
        ).items:
            try:
                await self._tenancy.create_project(
                    _SELF, organization.id, name="Default", slug="default"
                )
            except ConflictError:
                _log.info("another process made the default project")
        project = await self._tenancy.find_project(_SELF, organization.id, "default")
        return None if project is None else project.id

    async def _embedded_models(self) -> None:
        await self._embedded(
            "embedded-llm",
            self._settings.embedded_llm_url,
            CHAT_MODEL,
            ("chat", "completion"),
            enforces_tool_choice=False,
        )
        await self._embedded(
            "embedded-embeddings",
            self._settings.embedded_embed_url,
            EMBEDDING_MODEL,
            ("embedding",),
        )

    async def _embedded(
        self,
        name: str,
        url: str | None,
        model: str,
        tasks: tuple[str, ...],
        *,
        enforces_tool_choice: bool = True,
    ) -> None:
        """Make the upstream and its model once; later starts only follow the address."""
        if url is None:
            return
        base_url = url.rstrip("/").removesuffix("/v1")
        upstream = await self._catalog.find_upstream(_SELF, name)
        if upstream is not None:
            if upstream.base_url != base_url:
                # Our own servers want no credential; one that was set stays behind.
                await self._catalog.update_upstream(
                    _SELF, upstream.id, UpstreamChanges(base_url=base_url), credential=None
                )
            return
        try:
            upstream = await self._catalog.create_upstream(
                _SELF, name=name, base_url=base_url, enforces_tool_choice=enforces_tool_choice
            )
            await self._catalog.create_model(
                _SELF, name=model, targets=[ModelTarget(upstream.id, model)], tasks=tasks
            )
        except ConflictError:
            _log.info("%s was made already", name)

    async def _first_key(self, project_id: str) -> None:
        """Make the first key, and another one where its file is lost or of another database.

        Never a revoked one anew.
        """
        path = self._settings.first_key_file
        held = read_line(path)
        found = await self._keys.list_of_project(_SELF, project_id, PageRequest(limit=200))
        named = [key for key in found.items if key.name == FIRST_KEY]
        if any(key.revoked_at for key in named):
            return
        if held is not None and any(key.is_opened_by(held) for key in named):
            return
        if found.items and not named:
            return
        created = await self._keys.create(_SELF, project_id, name=FIRST_KEY)
        write_private(path, created.secret)

    async def _admin_token(self) -> None:
        path = self._settings.admin_token_file
        name = f"command line of {socket.gethostname()}"[:120]
        secret = await self._tokens.ensure_local(name, read_line(path))
        if secret is not None:
            write_private(path, secret)
