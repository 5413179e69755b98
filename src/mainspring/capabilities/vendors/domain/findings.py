"""What a connection test finds, step by step, and what to do about it."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

import msgspec

from mainspring.capabilities.vendors.domain.presets import Told


class Step(StrEnum):
    """The steps of a test, in their order."""

    ADDRESS = "address"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    AUTH = "auth"
    MODELS = "models"
    CALL = "call"


class Outcome(StrEnum):
    """How a step ended. A test is good when none failed."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One step: how it ended, in how many milliseconds, what was seen and what to do now.

    ``code`` is stable. ``detail`` holds facts, and may repeat what the server said (cut, and
    without the credential).
    """

    step: Step
    outcome: Outcome
    code: str
    ms: int = 0
    detail: str = ""
    advice: Told | None = None


class TestResult(msgspec.Struct, frozen=True, kw_only=True):
    """A whole test; ``models`` are names from the server's list, at most :data:`MAX_MODELS`."""

    __test__ = False

    ok: bool
    findings: tuple[Finding, ...]
    models: tuple[str, ...] = ()
    models_total: int | None = None
    ms: int


MAX_MODELS: Final = 200
_MAX_SAID: Final = 300

ADVICE: Final[dict[str, Told]] = {
    "address_refused": Told(
        "Use an address that MAINSPRING_UPSTREAM_NETWORK allows, or widen that setting.",
        "请使用 MAINSPRING_UPSTREAM_NETWORK 允许的地址，或放宽该设置。",
    ),
    "dns_failed": Told(
        "Check the host's name, and that control's and the gateways' machines resolve it.",
        "请检查主机名，并确认控制面与网关所在机器能够解析它。",
    ),
    "connect_failed": Told(
        "Check that the server runs, the port, and the firewall between here and there.",
        "请检查服务是否在运行、端口是否正确，以及两端之间的防火墙。",
    ),
    "connect_timeout": Told(
        "Nothing answers at that address: check the port, and what filters packets on the way.",
        "该地址无任何回应：请检查端口，以及途中的包过滤设备。",
    ),
    "tls_failed": Told(
        "Give the server a certificate that the system trusts for this name, or add the authority"
        " that issued it to the trust store of control and gateways.",
        "请为服务配置系统信任且与该名称相符的证书，或把签发机构加入控制面与网关的信任库。",
    ),
    "tls_expires_soon": Told(
        "Renew the server's certificate.",
        "请更新服务器证书。",
    ),
    "tls_absent": Told(
        "The credential travels unencrypted. Prefer https where others can listen.",
        "凭据以明文传输。若网络可能被监听，请使用 https。",
    ),
    "auth_refused": Told(
        "Give a valid credential for this address: keys of another region, site or project are"
        " refused in the same way.",
        "请提供对该地址有效的凭据：其他地域、站点或项目的密钥同样会被拒绝。",
    ),
    "auth_forbidden": Told(
        "The credential is known and may not do this: give it the rights that the vendor's page"
        " names, or check the vendor's allow-list of addresses.",
        "凭据有效但权限不足：请按厂商文档授予所需权限，或检查厂商的地址白名单。",
    ),
    "auth_unknown": Told(
        "Ask for a call to one of its models: only that shows whether the credential is taken.",
        "请对其某个模型发起一次调用测试：只有这样才能确认凭据是否有效。",
    ),
    "models_absent": Told(
        "Not every server has a list. Name a model and test with a call.",
        "并非所有服务都提供模型列表。请指定模型并进行调用测试。",
    ),
    "models_unreadable": Told(
        "Check the protocol and where base_url ends: what answers there is not this protocol's"
        " list of models.",
        "请检查协议以及 base_url 的结尾：该处的应答不是此协议的模型列表。",
    ),
    "rate_limited": Told(
        "The server takes the credential and refuses for now: check the quota and the balance of"
        " the account.",
        "服务接受该凭据但暂时拒绝：请检查账户的配额与余额。",
    ),
    "server_failed": Told(
        "The server has a fault of its own: look at its log, or at the vendor's status page.",
        "服务自身出现故障：请查看其日志或厂商的状态页面。",
    ),
    "no_answer": Told(
        "The connection stands and no answer comes: check that it is an HTTP server, and its load.",
        "连接已建立但无应答：请确认它是 HTTP 服务，并检查其负载。",
    ),
    "call_refused": Told(
        "Check the model's name as the server knows it, and that it serves this kind of call.",
        "请检查模型在该服务中的名称，以及它是否支持此类调用。",
    ),
    "call_unreadable": Told(
        "Check the protocol: what was answered is not an answer of it.",
        "请检查协议：应答不符合该协议。",
    ),
    "call_without_usage": Told(
        "The server tells no usage: tokens will be estimated, and marked so.",
        "该服务不返回用量：令牌数将为估算值并有相应标记。",
    ),
    "out_of_time": Told(
        "The test ran out of time: try again, or look at the step before for what is slow.",
        "测试超时：请重试，或查看前一步以确定缓慢之处。",
    ),
}
"""What to do, by the code of a finding."""


def said(text: str, secrets: Iterable[str]) -> str:
    """Return what a server said, fit to be shown: one line, cut, and nothing of a secret in it.

    Servers repeat the key that they refuse, whole or with its middle left out; every word that
    begins or ends like a secret is taken for it.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 8 * _MAX_SAID]).split())
    for secret in sorted(secrets, key=len, reverse=True):
        line = line.replace(secret, "[hidden]")
        start, end = re.escape(secret[:4]), re.escape(secret[-4:])
        if len(secret) >= 8:
            line = re.sub(rf"\S*(?:{start}|{end})\S*", "[hidden]", line)
    return line if len(line) <= _MAX_SAID else line[: _MAX_SAID - 1] + "…"
