"""A mail server for one test: aiosmtpd, with the faults that its argument (JSON) asks for.

Prints one JSON object a line: first {"port"}, then one for each mail it took over. Ends with its standard input.
"""

import asyncio
import base64
import email
import email.policy
import json
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult


# It warns of logins without STARTTLS, which TLS from the first byte needs not.
warnings.simplefilter("ignore")


def say(value):
    print(json.dumps(value), flush=True)


class Handler:
    def __init__(self, wanted):
        self.refused = wanted.get("refused", {})
        self.busy = wanted.get("busy", 0)
        self.hang = wanted.get("hang", False)
        self.answer = wanted.get("answer", "250 2.0.0 Ok: queued as 4Xy7")

    async def handle_MAIL(self, server, session, envelope, address, options):
        if "MAIL" in self.refused:
            return self.refused["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.busy > 0:
            self.busy -= 1
            return "451 4.3.0 try again later"
        if self.hang:
            await asyncio.Event().wait()
        raw = envelope.original_content
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        text, html = mail.get_body(["plain"]), mail.get_body(["html"])
        say({
            "raw": base64.b64encode(raw).decode(),
            "envelope": {"from": envelope.mail_from, "to": envelope.rcpt_tos},
            "encrypted": server.transport.get_extra_info("ssl_object") is not None,
            "user": session.auth_data.decode() if session.authenticated else None,
            "headers": {name.lower(): str(value) for name, value in mail.items()},
            "text": text.get_content() if text else None,
            "html": html.get_content() if html else None,
            "attachments": [
                {"name": part.get_filename(), "type": part.get_content_type(),
                 "content": base64.b64encode(part.get_payload(decode=True)).decode()}
                for part in mail.iter_attachments()
            ],
        })
        return self.answer


def authenticator(users):
    def check(server, session, envelope, mechanism, data):
        user, password = data.login.decode(), data.password.decode()
        good = users.get(user) == password
        return AuthResult(success=good, handled=good, auth_data=data.login if good else None)
    return check


async def main():
    wanted = json.loads(sys.argv[1])
    security, users = wanted.get("security", "none"), wanted.get("users")
    context = None
    if security != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(wanted["certificate"], wanted["key"])
    options = {"hostname": "mail.test", "ident": "test", "enable_SMTPUTF8": False}
    if users is not None:
        options |= {"authenticator": authenticator(users), "auth_required": True, "auth_require_tls": security == "starttls"}
    if security == "starttls":
        options |= {"tls_context": context, "require_starttls": wanted.get("require", True)}
    handler, loop = Handler(wanted), asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(handler, **options), "127.0.0.1", 0, ssl=context if security == "implicit" else None)
    say({"port": server.sockets[0].getsockname()[1]})
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
