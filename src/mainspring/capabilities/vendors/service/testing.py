"""Connection tests: the way to an upstream and a word with it, step by step, in bounded time."""

import asyncio
import ipaddress
from typing import Final, NoReturn
from urllib.parse import urlsplit

from mainspring.capabilities.audit.api import AuditService
from mainspring.capabilities.catalog.api import CatalogService, Upstream
from mainspring.capabilities.vendors.domain.findings import (
    ADVICE,
    MAX_MODELS,
    Finding,
    Outcome,
    Step,
    TestResult,
    said,
)
from mainspring.capabilities.vendors.ports import Requests, Way
from mainspring.capabilities.vendors.service.dialogue import (
    Dialogue,
    Exchange,
    read_error,
    read_models,
)
from mainspring.infra.outbound import OutboundAnswer, OutboundError
from mainspring.infra.reach import (
    HandshakeError,
    NoConnectionError,
    RefusedAddressError,
    UnknownNameError,
)
from mainspring.kernel.clock import Clock
from mainspring.kernel.errors import (
    ConflictError,
    InvalidRequestError,
    MainspringError,
    OverloadedError,
)
from mainspring.kernel.scope import Scope

_TOTAL_S: Final = 45.0
_STAGE_S: Final = {Step.DNS: 5.0, Step.CONNECT: 5.0, Step.TLS: 5.0}
_LIST_S: Final = 10.0
_CALL_S: Final = 25.0
_AT_ONCE: Final = 8
"""Tests under way in one control plane; more are refused, not queued."""
_SOON_DAYS: Final = 14
_ORDER: Final = tuple(Step)


class ConnectionTests:
    """Tests upstreams that are kept, and such as are not kept yet.

    A test spends the upstream's credential, and with a call some of its tokens, outside of every
    limit and ledger: whoever may write upstreams may test them, and the audit trail tells of it.
    """

    def __init__(
        self,
        catalog: CatalogService,
        way: Way,
        requests: Requests,
        audit: AuditService,
        clock: Clock,
        *,
        total_s: float = _TOTAL_S,
    ) -> None:
        self._catalog = catalog
        self._way = way
        self._requests = requests
        self._audit = audit
        self._clock = clock
        self._total_s = total_s
        self._running = 0

    async def test_upstream(
        self, scope: Scope, upstream_id: str, *, call_model: str | None = None, task: str = "chat"
    ) -> TestResult:
        """Test an upstream as it is kept; with ``call_model`` make the smallest call of that one.

        Raises:
            NotFoundError: if there is none that the caller may see.
            ConflictError: if its credential cannot be opened.
            OverloadedError: if too many tests are under way.
        """
        upstream, credential = await self._catalog.open_upstream(scope, upstream_id)
        return await self._test(scope, upstream, credential, call_model, task)

    async def test_draft(
        self,
        scope: Scope,
        *,
        base_url: str,
        protocol: str = "openai",
        credential: str | None = None,
        credential_header: str | None = None,
        sigv4_region: str | None = None,
        call_model: str | None = None,
        task: str = "chat",
    ) -> TestResult:
        """Test what is not kept; nothing of it is.

        Raises:
            InvalidRequestError: if a field is not acceptable.
            OverloadedError: if too many tests are under way.
        """
        upstream = self._catalog.draft_upstream(
            scope,
            base_url=base_url,
            protocol=protocol,
            credential=credential,
            credential_header=credential_header,
            sigv4_region=sigv4_region,
        )
        return await self._test(scope, upstream, credential, call_model, task)

    async def _test(
        self,
        scope: Scope,
        upstream: Upstream,
        credential: str | None,
        call_model: str | None,
        task: str,
    ) -> TestResult:
        if self._running >= _AT_ONCE:
            raise OverloadedError(f"{_AT_ONCE} connection tests are under way; try again")
        self._running += 1
        try:
            test = self._prepared(upstream, credential)
            result = await test.run(call_model, task, within_s=self._total_s)
        finally:
            self._running -= 1
        await self._audit.note(
            scope,
            action="upstream.test",
            object_kind="upstream",
            object_id=upstream.id or None,
            details={
                "base_url": upstream.base_url,
                "with_credential": credential is not None,
                "called": call_model,
                "ok": result.ok,
            },
        )
        return result

    def _prepared(self, upstream: Upstream, credential: str | None) -> "_Test":
        try:
            return _Test(upstream, credential, self._way, self._requests, self._clock)
        except ValueError as error:  # a credential that should sign and has no form to
            raise ConflictError(f"the upstream's credential cannot be used: {error}") from error


class _EndedError(Exception):
    """A step failed that all later ones need."""


class _Test:
    """One test under way."""

    def __init__(
        self,
        upstream: Upstream,
        credential: str | None,
        way: Way,
        requests: Requests,
        clock: Clock,
    ) -> None:
        self._upstream = upstream
        self._credential = credential
        self._secrets = [part for part in (credential or "").split(":") if part]
        if credential:
            self._secrets.append(credential)
        self._way = way
        self._requests = requests
        self._clock = clock
        self._dialogue = Dialogue(upstream, credential)
        self._findings: dict[Step, Finding] = {}
        self._models: list[str] | None = None
        self._step = Step.ADDRESS
        self._began = clock.monotonic()

    async def run(self, call_model: str | None, task: str, *, within_s: float) -> TestResult:
        began = self._clock.monotonic()
        try:
            async with asyncio.timeout(within_s):
                await self._go(call_model, task)
        except _EndedError:
            pass
        except TimeoutError:
            self._note(Outcome.FAILED, "out_of_time", f"{within_s:g} s in all are over")
        findings = tuple(self._findings[step] for step in _ORDER if step in self._findings)
        models = self._models or []
        return TestResult(
            ok=all(each.outcome is not Outcome.FAILED for each in findings),
            findings=findings,
            models=tuple(said(name, self._secrets) for name in models[:MAX_MODELS]),
            models_total=None if self._models is None else len(models),
            ms=self._ms(began),
        )

    async def _go(self, call_model: str | None, task: str) -> None:
        self._begin(Step.ADDRESS)
        parts = urlsplit(self._upstream.base_url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        self._note(Outcome.PASSED, "address_read", f"{parts.scheme}, {host}, port {port}")
        addresses = await self._resolve(host, port)
        address = await self._connect(addresses, port)
        await self._agree(parts.scheme, address, port, host)
        await self._list()
        if call_model is not None:
            await self._call(call_model, task)

    async def _resolve(self, host: str, port: int) -> tuple[str, ...]:
        self._begin(Step.DNS)
        try:
            async with asyncio.timeout(_STAGE_S[Step.DNS]):
                found = await self._way.addresses(host, port)
        except RefusedAddressError as error:
            self._end("address_refused", str(error))
        except UnknownNameError as error:
            self._end("dns_failed", str(error))
        except TimeoutError:
            self._end("dns_failed", f"no answer within {_STAGE_S[Step.DNS]:g} s")
        self._note(Outcome.PASSED, "dns_found", ", ".join(found))
        return found

    async def _connect(self, addresses: tuple[str, ...], port: int) -> str:
        self._begin(Step.CONNECT)
        code, detail = "connect_failed", "there is no address"
        for address in addresses:
            try:
                async with asyncio.timeout(_STAGE_S[Step.CONNECT]):
                    await self._way.connect(address, port)
            except NoConnectionError as error:
                code = "connect_timeout" if error.timed_out else "connect_failed"
                detail = str(error)
            except TimeoutError:
                code = "connect_timeout"
                detail = f"{address} port {port}: nothing within {_STAGE_S[Step.CONNECT]:g} s"
            else:
                self._note(Outcome.PASSED, "connected", f"{address} port {port}")
                return address
        return self._end(code, detail)

    async def _agree(self, scheme: str, address: str, port: int, host: str) -> None:
        self._begin(Step.TLS)
        if scheme == "http":
            public = ipaddress.ip_address(address.partition("%")[0]).is_global
            if public and self._credential:
                self._note(Outcome.WARNING, "tls_absent", "http: there is no TLS")
            else:
                self._note(Outcome.SKIPPED, "tls_not_used", "http: there is no TLS")
            return
        try:
            async with asyncio.timeout(_STAGE_S[Step.TLS]):
                session = await self._way.handshake(address, port, host)
        except (HandshakeError, NoConnectionError) as error:
            self._end("tls_failed", str(error))
        except TimeoutError:
            self._end("tls_failed", f"no handshake within {_STAGE_S[Step.TLS]:g} s")
        days = int((session.ends_at - self._now()) // 86_400)
        detail = f"{session.version}, issued by {session.issuer}, {days} days left"
        if days < _SOON_DAYS:
            self._note(Outcome.WARNING, "tls_expires_soon", detail)
        else:
            self._note(Outcome.PASSED, "tls_agreed", detail)

    async def _list(self) -> None:
        self._begin(Step.MODELS)
        try:
            answer = await self._send(self._dialogue.list_models(at=self._now()), _LIST_S)
        except OutboundError as error:
            self._end("no_answer", str(error))
        status, words = answer.status, self._said(answer)
        detail = f"{status}: {words}" if words else str(status)
        if 200 <= status < 300:
            await self._read_list(answer)
        elif _refuses_key(answer):
            self._note(Outcome.SKIPPED, "models_closed", "the list wants a credential that fits")
            code = "auth_forbidden" if status == 403 else "auth_refused"
            self._note(Outcome.FAILED, code, detail, step=Step.AUTH)
        elif status == 429:
            self._note(Outcome.WARNING, "rate_limited", detail)
        elif status >= 500:
            self._note(Outcome.FAILED, "server_failed", detail)
        else:
            self._note(Outcome.WARNING, "models_absent", detail)
        if Step.AUTH not in self._findings:
            self._note(Outcome.WARNING, "auth_unknown", step=Step.AUTH)

    async def _read_list(self, answer: OutboundAnswer) -> None:
        try:
            self._models = read_models(answer.body)
        except ValueError as error:
            self._note(Outcome.WARNING, "models_unreadable", self._cut(str(error)))
            return
        self._note(Outcome.PASSED, "models_listed", f"{len(self._models)} models")
        self._begin(Step.AUTH)
        if self._credential is None:
            self._note(Outcome.PASSED, "auth_open", "the server asks for no credential")
            return
        # A list that strangers may read as well says nothing of the credential.
        try:
            bare = await self._send(
                self._dialogue.list_models(at=self._now(), shown=False), _LIST_S
            )
        except OutboundError:
            return
        if _refuses_key(bare):
            self._note(Outcome.PASSED, "auth_taken", "the credential opens the list")
        elif 200 <= bare.status < 300:
            self._note(Outcome.WARNING, "auth_unknown", "the list is open to strangers")

    async def _call(self, model: str, task: str) -> None:
        self._begin(Step.CALL)
        try:
            answer = await self._send(self._dialogue.call(model, task, at=self._now()), _CALL_S)
            if answer.status == 400 and b"max_completion_tokens" in answer.body:
                newer = self._dialogue.call(model, task, at=self._now(), newer=True)
                answer = await self._send(newer, _CALL_S)
        except OutboundError as error:
            self._end("no_answer", str(error))
        except InvalidRequestError as error:
            self._end("call_refused", error.detail)
        words = self._said(answer)
        detail = f"{answer.status}: {words}" if words else str(answer.status)
        if _refuses_key(answer):
            code = "auth_forbidden" if answer.status == 403 else "auth_refused"
            self._note(Outcome.FAILED, code, detail, step=Step.AUTH)
            self._note(Outcome.SKIPPED, "call_closed", "calls want a credential that fits")
        elif answer.status == 429:
            self._note(Outcome.WARNING, "rate_limited", detail)
        elif answer.status >= 500:
            self._note(Outcome.FAILED, "server_failed", detail)
        elif answer.status >= 300:
            self._note(Outcome.FAILED, "call_refused", detail)
        else:
            self._read_call(answer, task)

    def _read_call(self, answer: OutboundAnswer, task: str) -> None:
        try:
            told = self._dialogue.read_call(answer.body, task)
        except (ValueError, MainspringError) as error:
            self._note(Outcome.FAILED, "call_unreadable", self._cut(str(error)))
            return
        if told.failure is not None:
            self._note(Outcome.FAILED, "call_refused", self._cut(told.failure))
            return
        # Who answers a call took the credential, whatever the list said.
        taken = "a call was answered" if self._credential else "no credential is asked for"
        self._note(Outcome.PASSED, "auth_taken", taken, step=Step.AUTH)
        if told.tells_usage:
            self._note(Outcome.PASSED, "call_answered", "answered, with usage")
        else:
            self._note(Outcome.WARNING, "call_without_usage", "answered")

    async def _send(self, exchange: Exchange, within_s: float) -> OutboundAnswer:
        return await self._requests.send(
            exchange.method, exchange.url, exchange.headers, exchange.body, timeout_s=within_s
        )

    def _begin(self, step: Step) -> None:
        self._step = step
        self._began = self._clock.monotonic()

    def _note(
        self, outcome: Outcome, code: str, detail: str = "", *, step: Step | None = None
    ) -> None:
        step = step or self._step
        self._findings[step] = Finding(
            step=step,
            outcome=outcome,
            code=code,
            ms=self._ms(self._began),
            detail=detail,
            advice=ADVICE.get(code),
        )

    def _end(self, code: str, detail: str) -> NoReturn:
        """Note that the present step failed, and stop.

        Raises:
            _EndedError: always.
        """
        self._note(Outcome.FAILED, code, detail)
        raise _EndedError

    def _said(self, answer: OutboundAnswer) -> str:
        return "" if answer.status < 300 else self._cut(read_error(answer.body))

    def _cut(self, text: str) -> str:
        return said(text, self._secrets)

    def _ms(self, began: float) -> int:
        return round((self._clock.monotonic() - began) * 1000)

    def _now(self) -> float:
        return self._clock.now().timestamp()


def _refuses_key(answer: OutboundAnswer) -> bool:
    # Gemini answers 400 to a key that it does not know.
    return answer.status in {401, 403} or (
        answer.status == 400 and b"API_KEY_INVALID" in answer.body
    )
