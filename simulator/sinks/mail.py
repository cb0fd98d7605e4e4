"""A mail server that keeps what it is given."""

from email import message_from_bytes, policy
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """The handler of an SMTP server: `mails` are documents of what came."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        self.mails.append(
            {
                "to": envelope.rcpt_tos,
                "subject": str(mail["Subject"]),
                "body": mail.get_content().strip(),
                "id": str(mail["Message-ID"]),
                "message": str(mail["X-Huddle-Message"]),
                "marked": mail["X-Huddle-Possibly-Repeated"] is not None,
            }
        )
        return "250 OK"
