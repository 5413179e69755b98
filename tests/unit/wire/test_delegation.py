import pytest
from hypothesis import given, strategies as st

from mainspring.kernel.errors import ExpiredKeyError, InvalidKeyError
from mainspring.wire.delegation import (
    DelegatedIdentity,
    mint_delegated_token,
    verify_delegated_token,
)

SECRET = b"internal token"
IDENTITY = DelegatedIdentity(
    org_id="org_1", project_id="prj_1", actor_id="usr_1", expires_at=1000, key_id="key_1"
)


def test_a_minted_token_is_believed_until_it_expires() -> None:
    token = mint_delegated_token(IDENTITY, SECRET)
    assert verify_delegated_token(token, SECRET, now=999.9) == IDENTITY
    with pytest.raises(ExpiredKeyError):
        verify_delegated_token(token, SECRET, now=1000)


def test_a_token_of_another_secret_is_refused() -> None:
    with pytest.raises(InvalidKeyError):
        verify_delegated_token(mint_delegated_token(IDENTITY, b"other"), SECRET, now=0)


@given(st.data())
def test_no_changed_character_goes_unnoticed(data: st.DataObject) -> None:
    token = mint_delegated_token(IDENTITY, SECRET)
    at = data.draw(st.integers(0, len(token) - 1))
    new = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
    if token[at] == new:
        return
    changed = token[:at] + new + token[at + 1 :]
    with pytest.raises(InvalidKeyError):
        verify_delegated_token(changed, SECRET, now=0)


@given(st.text(max_size=200))
def test_garbage_is_refused_without_another_error(text: str) -> None:
    with pytest.raises(InvalidKeyError):
        verify_delegated_token("msi_" + text, SECRET, now=0)
