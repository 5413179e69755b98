"""Signatures are those that AWS's own library makes.

The expected ones were made by botocore 1.44.5 (``botocore.auth.SigV4Auth``, service ``bedrock``)
with AWS's example keys. It cannot be installed beside our other packages.
"""

from datetime import UTC, datetime
from urllib.parse import quote

import pytest

from mainspring.wire.bedrock.signature import Signer

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TOKEN = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQW=="
REGION = "eu-central-1"
HOST = f"bedrock-runtime.{REGION}.amazonaws.com"

BY_AWS = [
    (
        "anthropic.claude-v2:1",
        b'{"messages":[]}',
        None,
        "20150830T123600Z",
        "557cc41fc88fe9ca144064e8f9833de93970406f94493ea9a4ba90fdf99886fc",
    ),
    (
        "arn:aws:bedrock:eu-central-1:123456789012:inference-profile/eu.anthropic.claude",
        b'{"a":1}',
        TOKEN,
        "20150830T123600Z",
        "1e582ba898503c37c647340053bb036062dedaa04078caf5c4cb2ccd78d8ad1d",
    ),
    (
        "模型 ~1",
        b"",
        None,
        "20150831T000000Z",
        "4fed8ed3678f08a1bbcf37ec55e039dfb95405eeb6d942a041804274dbc0ab06",
    ),
    (
        "a",
        b"\xff\x00",
        None,
        "20261122T235959Z",
        "a0a87e981e880f58c686ea6f69e610ce66cb3fea33e4b7a3c6c77ffa3c71ea41",
    ),
]


def test_signatures_are_those_that_aws_expects() -> None:
    keys = f"{KEY_ID}:{SECRET}"
    # One signer for all without a token: a new day needs a new key.
    signers = {
        None: Signer(keys.encode(), REGION),
        TOKEN: Signer(f"{keys}:{TOKEN}".encode(), REGION),
    }
    for model, body, token, stamp, signature in BY_AWS:
        moment = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        lines = signers[token].lines(
            f"/model/{quote(model, safe='')}/converse",
            body,
            host=HOST,
            content_type="application/json",
            at=moment.timestamp(),
        )
        told = dict(line.split(": ", 1) for line in lines.decode().splitlines())
        names = "content-type;host;x-amz-date" + (";x-amz-security-token" if token else "")
        assert told == {
            "x-amz-date": stamp,
            **({"x-amz-security-token": token} if token else {}),
            "authorization": f"AWS4-HMAC-SHA256 Credential={KEY_ID}/{stamp[:8]}/{REGION}/bedrock/"
            f"aws4_request, SignedHeaders={names}, Signature={signature}",
        }


@pytest.mark.parametrize(
    "credential", [b"", b"only-one", b"a:", b":b", b"a:b:c:d", b"a:b c", b"a:b\r\nx: y", b"\xff:b"]
)
def test_what_is_no_pair_of_keys_is_refused_without_telling_it(credential: bytes) -> None:
    with pytest.raises(ValueError, match="access key id:secret access key") as raised:
        Signer(credential, REGION)
    assert not credential or credential.decode("latin-1") not in str(raised.value)


@pytest.mark.parametrize("region", ["", "eu central", "EU", "eu/../x"])
def test_what_is_no_region_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="region"):
        Signer(b"a:b", region)
