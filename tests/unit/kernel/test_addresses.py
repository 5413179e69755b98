import pytest

from mainspring.kernel.addresses import is_guarded_address, is_guarded_host


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "::ffff:169.254.169.254",
        "::169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "100.100.100.200",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104 - nothing is bound
        "::",
        "224.0.0.1",
        "ff02::1",
    ],
)
def test_addresses_of_clouds_own_services_are_known_however_they_are_wrapped(address: str) -> None:
    assert is_guarded_address(address)
    assert is_guarded_host(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "::1", "10.0.0.8", "fd00::8", "192.168.1.1", "93.184.216.34", "models"]
)
def test_ordinary_inner_addresses_are_not_among_them(host: str) -> None:
    assert not is_guarded_host(host)


def test_names_that_stand_for_them_by_themselves_are_known_too() -> None:
    assert is_guarded_host("Metadata.Google.Internal.")
