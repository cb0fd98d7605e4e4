"""The contracts as documents: a JSON Schema for each fact and message, and one AsyncAPI 3.0 document of all topics."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from schemas.contacts import Contact
from schemas.dead_letter import DeadLetter
from schemas.envelope import Envelope
from schemas.queue import QueueItem
from schemas.referral.v1.intake import ReferralSubmission, SuppliedInformation
from schemas.registry import facts
from schemas.services import all_topics
from schemas.topics import Topic, events_topic, partitions

Document = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
LANES = 12
MESSAGES: tuple[type[BaseModel], ...] = (
    ReferralSubmission,
    SuppliedInformation,
    Contact,
    DeadLetter,
    QueueItem,
)


def documents() -> Mapping[str, Document]:
    """File names, relative to `schemas/contracts`, with their documents."""
    made = {f"facts/{name}.json": fact_schema(fact) for name, fact in facts().items()}
    made |= {f"messages/{model.__name__}.json": schema_of(model) for model in MESSAGES}
    return made | {"envelope.json": schema_of(Envelope), "asyncapi.json": asyncapi()}


def schema_of(model: type[BaseModel]) -> Document:
    return {"$schema": DIALECT} | model.model_json_schema(by_alias=True, mode="serialization")


def fact_schema(fact: type[BaseModel]) -> Document:
    """What a consumer may rely on: the fact as it is written. Consumers ignore fields that are not here."""
    return {"$id": f"urn:huddle:schema:{facts_name(fact)}"} | schema_of(fact)


def facts_name(fact: type[BaseModel]) -> str:
    return str(getattr(fact, "wire_type", fact.__name__))


def asyncapi() -> Document:
    """All topics of this version."""
    topics = all_topics()
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Huddle",
            "version": "1.0.0",
            "description": "CloudEvents 1.0 in Kafka's binary mode. Drop repeated ce_id; ce_sequence shows gaps.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {channel_name(topic): channel(topic) for topic in topics},
        "operations": {f"send_{channel_name(topic)}": operation(topic) for topic in topics},
        "components": {"messages": messages()},
    }


def channel_name(topic: Topic) -> str:
    return topic.name.replace(".", "_").replace("-", "_")


def channel(topic: Topic) -> Document:
    names = message_names(topic)
    return {
        "address": topic.name,
        "description": f"{topic.says} Key: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {"partitions": partitions(topic, LANES), "topicConfiguration": configuration(topic)}
        },
    }


def configuration(topic: Topic) -> Document:
    settings = topic.settings()
    kept = {"retention.ms": int(settings["retention.ms"])} if "retention.ms" in settings else {}
    return {"cleanup.policy": [settings["cleanup.policy"]]} | kept


def operation(topic: Topic) -> Document:
    """Who writes the topic: its service, or, for the intake, whoever refers."""
    name = channel_name(topic)
    action = "receive" if topic.name.endswith(".intake") else "send"
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{topic.owner}: {topic.says}",
        "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in message_names(topic)],
    }


def message_names(topic: Topic) -> list[str]:
    if topic.model is not None:
        return [str(topic.model.__name__)]
    return [name for name in facts() if events_topic(name.partition(".")[0]) == topic.name]


def messages() -> Document:
    headers = inlined(Envelope)
    made: Document = {
        name: {
            "name": name,
            "title": fact.__name__,
            "summary": (fact.__doc__ or "").splitlines()[0],
            "contentType": "application/json",
            "headers": headers,
            "payload": inlined(fact),
        }
        for name, fact in facts().items()
    }
    for model in MESSAGES:
        made[model.__name__] = {
            "name": model.__name__,
            "contentType": "application/json",
            "payload": inlined(model),
        }
    return made


def inlined(model: type[BaseModel]) -> Document:
    """A schema without references to elsewhere: its definitions are put where they are used."""
    schema = model.model_json_schema(by_alias=True, mode="serialization")
    return dict(resolved(schema, schema.pop("$defs", {})))


def resolved(node: Any, definitions: Mapping[str, Any]) -> Any:
    if isinstance(node, dict):
        if "$ref" in node:
            own = {name: value for name, value in node.items() if name != "$ref"}
            return resolved(definitions[node["$ref"].rpartition("/")[2]], definitions) | own
        return {name: resolved(value, definitions) for name, value in node.items()}
    if isinstance(node, list):
        return [resolved(value, definitions) for value in node]
    return node
