"""Choosing ports."""

import socket
from contextlib import closing

import pytest

from mainspring.app.ports import choose_port, is_free

HOST = "127.0.0.1"


def test_a_free_port_is_taken_as_wanted() -> None:
    port = choose_port("gateway", HOST, 0, reserved=()).chosen
    choice = choose_port("gateway", HOST, port, reserved=())
    assert (choice.chosen, choice.moved) == (port, False)


def test_a_taken_port_gives_way_to_the_next_free_one() -> None:
    with closing(socket.create_server((HOST, 0))) as taken:
        wanted = taken.getsockname()[1]
        choice = choose_port("gateway", HOST, wanted, reserved=())
    assert choice.moved
    assert wanted < choice.chosen < wanted + 100


def test_a_port_promised_to_another_part_is_not_given_twice() -> None:
    first = choose_port("gateway", HOST, 0, reserved=()).chosen
    second = choose_port("control", HOST, first, reserved={first})
    assert second.chosen != first
    assert second.moved


def test_any_port_is_never_a_move() -> None:
    assert not choose_port("llm", HOST, 0, reserved=()).moved


def test_an_address_of_another_machine_is_an_error_not_a_taken_port() -> None:
    with pytest.raises(OSError, match="assign requested address"):
        is_free("192.0.2.1", 8080)
