# smtp_server.py PORT MODE CERTIFICATE: takes mail on the loopback and prints each as a line of JSON; ends with its standard input.
import email
import email.policy
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

port, mode, certificate = int(sys.argv[1]), sys.argv[2], sys.argv[3]


class Taker:
    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(message["Subject"]),
            "text": message.get_content(),
            "headers": {name: str(value) for name, value in message.items()},
            "isEncrypted": session.ssl is not None,
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }), flush=True)
        return "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody@"):
            return f"550 there is no {address}"
        envelope.rcpt_tos.append(address)
        return "250 known"

    # .NET writes the mechanism's name in small letters, which this server alone takes for another.
    async def auth_login(self, server, args):
        return await server.auth_LOGIN(server, args)


def check(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"erp", b"s3cret"), auth_data=data, handled=False)


if mode == "mute":
    listener = socket.create_server(("127.0.0.1", port))
else:
    settings = {}
    if mode in ("tls", "signed"):
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        settings = {"tls_context": context, "require_starttls": True}
    if mode == "signed":
        settings |= {"authenticator": check, "auth_required": True}
    Controller(Taker(), hostname="127.0.0.1", port=port, **settings).start()
print("ready", flush=True)
sys.stdin.read()
