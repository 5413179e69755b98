"""What a file says that a model is."""

from typing import Any

import msgspec
from msgspec import UNSET

from mainspring.app.cli.applying.documents import ModelDocument
from mainspring.app.cli.applying.plan import Action, Step, same_to_control
from mainspring.app.cli.connection import ControlClient


def bring_card(
    client: ControlClient, document: ModelDocument, model_id: str | None, *, dry_run: bool
) -> Step:
    """Give the model the card of its document; ``model_id`` ``None``: it is not made yet."""
    wanted: dict[str, Any] = {}
    if document.specification is not UNSET:
        wanted = msgspec.to_builtins(document.specification)
    if model_id is None:
        return Step(kind="card", name=document.name, action=Action.CREATE)
    present: dict[str, Any] = client.get(f"/registry/models/{model_id}/card")
    differing = tuple(
        field for field, value in wanted.items() if not same_to_control(present.get(field), value)
    )
    action = Action.UPDATE if differing else Action.UNCHANGED
    if differing and not dry_run:
        client.put(f"/registry/models/{model_id}/card", wanted)
    return Step(kind="card", name=document.name, action=action, fields=differing)
