"""What the examples share: the endpoint, the signed header, and a check."""

import datetime
import hashlib
import hmac
import os
import sys
import uuid

ENDPOINT = os.environ.get("LEADKEEP_ENDPOINT", "http://127.0.0.1:8080/soap/mktows/3_1")
USER = os.environ.get("LEADKEEP_USER", "demo_user")
KEY = os.environ.get("LEADKEEP_KEY", "demo_key_0123456789abcdef")
UNIQUE = uuid.uuid4().hex[:12]


def signed():
    """User id, signature and timestamp of a header."""
    timestamp = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    signature = hmac.new(KEY.encode(), (timestamp + USER).encode(), hashlib.sha1).hexdigest()
    return USER, signature, timestamp


def check(expected, came, what):
    if expected != came:
        sys.exit(f"{what}: expected {expected!r}, came {came!r}")
    print(f"ok: {what}")


def values(pairs, name="attrName", value="attrValue"):
    return {getattr(pair, name): getattr(pair, value) for pair in pairs}
