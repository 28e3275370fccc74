"""An SMTP server on loopback for tests: prints its port, then each mail as one line of JSON."""

import email
import email.policy
import json
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refusals = {
            "unknown@example.com": "550 5.1.1 no such mailbox",
            "busy@example.com": "451 4.7.1 try again later",
        }
        if address in refusals:
            return refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = {
            "user": session.auth_data,
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "type": mail.get_content_type(),
            "headers": sorted(name.lower() for name in mail.keys()),
            **{name: mail.get(name) for name in ("From", "To", "Reply-To", "Subject", "Message-ID", "Date")},
            "parts": [
                [part.get_content_type(), part.get_content()] for part in mail.walk() if not part.is_multipart()
            ],
        }
        print(json.dumps(told), flush=True)
        return "250 taken"


def log_in(server, session, envelope, mechanism, data):
    user, password = data.login.decode(), data.password.decode()
    right = (user, password) == ("ann@example.com", "p@ss/word")
    # Not handled: the server itself answers 535.
    return AuthResult(success=right, handled=right, auth_data=user)


controller = Controller(
    Handler(),
    hostname="127.0.0.1",
    port=0,
    authenticator=log_in,
    auth_require_tls=False,
    enable_SMTPUTF8="ascii" not in sys.argv,
)
try:
    controller.start()
except OSError:
    # The controller's own check calls the port that it was given, 0; the server is up all the same.
    pass
print(controller.server.sockets[0].getsockname()[1], flush=True)
# The test closes this when it is done.
sys.stdin.read()
