"""How the gateway signs, and which numbers are texted."""

import httpx
import msgspec
import pytest

from backbone.model import EffectCall
from services.notifications.gateway.outside import SmsGateway, read_providers, signature
from services.notifications.message.commands import HandedOver, NotAccepted
from services.notifications.message.content import Attempt, Wording
from tests.support.providers import SETTINGS
from tests.unit.notifications.situations import PATIENT, REF, rules


def test_the_signature_is_the_one_that_the_provider_documents():
    """The example of Twilio's documentation on request security."""
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature(url, form, "12345") == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("filed", "texted"),
    [("(212) 555-0142", "+12125550142"), ("+1 212 555 0142", "+12125550142"), ("unknown", None), ("+", None)],
)
async def test_what_was_filed_in_whatever_form_is_texted_on_the_real_number_or_not_at_all(
    filed, texted, monkeypatch
):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    forms: list[httpx.QueryParams] = []

    def take(request: httpx.Request) -> httpx.Response:
        forms.append(httpx.QueryParams(request.content.decode()))
        return httpx.Response(201)

    contents = {
        "words": msgspec.json.encode(Wording("", "Harbor Street")),
        "contact": msgspec.json.encode({"phone": filed}),
    }
    body = msgspec.json.encode(Attempt(1, PATIENT, ("words", "contact")))
    async with httpx.AsyncClient(transport=httpx.MockTransport(take)) as client:
        gateway = SmsGateway(read_providers(), client, rules())
        answer = await gateway.send(EffectCall(REF, "sms", REF, body, contents, 1))
    assert [form["To"] for form in forms] == ([texted] if texted else [])
    assert isinstance(answer, HandedOver if texted else NotAccepted)
