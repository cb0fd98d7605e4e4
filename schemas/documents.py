"""The contracts as documents: a JSON Schema for each fact and message, and one AsyncAPI 3.0 document of all topics."""

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

from schemas.contacts import Contact
from schemas.dead_letter import DeadLetter
from schemas.envelope import Envelope
from schemas.fact import Id
from schemas.queue import QueueItem
from schemas.referral.v1.intake import ReferralSubmission, SuppliedInformation
from schemas.referral.v1.results import IntakeResult
from schemas.registry import facts
from schemas.services import all_topics
from schemas.topics import Topic, events_topic, partitions

Document = dict[str, Any]
Examples = Mapping[str, Any]
"""A payload by wire type or by the name of a message."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"
LANES = 12
WRITTEN: tuple[type[BaseModel], ...] = (Contact, DeadLetter, IntakeResult, QueueItem)
READ: tuple[type[BaseModel], ...] = (ReferralSubmission, SuppliedInformation)
"""What others write and a service reads: the schema is what it takes."""
MESSAGES = (*READ, *WRITTEN)
KAFKA = "0.5.0"


def documents(examples: Examples) -> Mapping[str, Document]:
    """File names, relative to `schemas/contracts`, with their documents."""
    made = {f"facts/{name}.json": fact_schema(fact) for name, fact in facts().items()}
    made |= {f"messages/{model.__name__}.json": schema_of(model) for model in MESSAGES}
    return made | {"envelope.json": schema_of(Envelope), "asyncapi.json": asyncapi(examples)}


def contracts() -> Mapping[str, type[BaseModel]]:
    """Everything that is frozen, by the name under which it is."""
    return {**facts(), **{model.__name__: model for model in MESSAGES}}


def mode_of(model: type[BaseModel]) -> Literal["validation", "serialization"]:
    return "validation" if model in READ else "serialization"


def schema_of(model: type[BaseModel]) -> Document:
    return {"$schema": DIALECT} | model.model_json_schema(by_alias=True, mode=mode_of(model))


def fact_schema(fact: type[BaseModel]) -> Document:
    """What a consumer may rely on: the fact as it is written. Consumers ignore fields that are not here."""
    return {"$id": f"urn:huddle:schema:{facts_name(fact)}"} | schema_of(fact)


def facts_name(fact: type[BaseModel]) -> str:
    return str(getattr(fact, "wire_type", fact.__name__))


def asyncapi(examples: Examples) -> Document:
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
        "operations": {f"{action(topic)}_{channel_name(topic)}": operation(topic) for topic in topics},
        "components": {
            "schemas": {"Envelope": inlined(Envelope)},
            "messageTraits": {"fact": of_a_fact()},
            "messages": messages(examples),
        },
    }


def of_a_fact() -> Document:
    """What all facts have: the envelope in their headers, an id as their key."""
    return {"headers": {"$ref": "#/components/schemas/Envelope"}, "bindings": keyed(an_id())}


def an_id() -> Document:
    return TypeAdapter(Id).json_schema()


def keyed(key: Document) -> Document:
    return {"kafka": {"key": key, "bindingVersion": KAFKA}}


def key_of(topic: Topic) -> Document:
    """Of the values of a topic that holds no facts."""
    if topic.model in (QueueItem, Contact):
        return an_id()
    return {"type": "string", "description": topic.key}


def channel_name(topic: Topic) -> str:
    return topic.name.replace(".", "_").replace("-", "_")


def channel(topic: Topic) -> Document:
    names = message_names(topic)
    return {
        "address": topic.name,
        "description": f"{topic.says} Key: {topic.key}.",
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "partitions": partitions(topic, LANES),
                "topicConfiguration": configuration(topic),
                "bindingVersion": KAFKA,
            }
        },
    }


def configuration(topic: Topic) -> Document:
    settings = topic.settings()
    kept = {"retention.ms": int(settings["retention.ms"])} if "retention.ms" in settings else {}
    return {"cleanup.policy": [settings["cleanup.policy"]]} | kept


def action(topic: Topic) -> str:
    """What Huddle does with it: the intake alone is written by others."""
    return "receive" if topic.model in READ else "send"


def operation(topic: Topic) -> Document:
    name = channel_name(topic)
    return {
        "action": action(topic),
        "channel": {"$ref": f"#/channels/{name}"},
        "summary": f"{topic.owner}: {topic.says}",
        "messages": [{"$ref": f"#/channels/{name}/messages/{message}"} for message in message_names(topic)],
    }


def message_names(topic: Topic) -> list[str]:
    if topic.model is not None:
        return [str(topic.model.__name__)]
    return [name for name in facts() if events_topic(name.partition(".")[0]) == topic.name]


def messages(examples: Examples) -> Document:
    made = {name: message_of_fact(name, fact, examples) for name, fact in facts().items()}
    for topic in all_topics():
        if topic.model is not None:
            made[topic.model.__name__] = message_of_value(topic, topic.model, examples)
    return made


def message_of_fact(name: str, fact: type[BaseModel], examples: Examples) -> Document:
    return {
        "name": name,
        "title": fact.__name__,
        "summary": (fact.__doc__ or "").splitlines()[0],
        "traits": [{"$ref": "#/components/messageTraits/fact"}],
        "payload": inlined(fact),
        "examples": [{"payload": examples[name]}],
    }


def message_of_value(topic: Topic, model: type[BaseModel], examples: Examples) -> Document:
    name = model.__name__
    return {
        "name": name,
        "title": name,
        "bindings": keyed(key_of(topic)),
        "payload": inlined(model),
        "examples": [{"payload": examples[name]}],
    }


def inlined(model: type[BaseModel]) -> Document:
    """A schema without references to elsewhere: its definitions are put where they are used."""
    schema = model.model_json_schema(by_alias=True, mode=mode_of(model))
    return dict(resolved(schema, schema.pop("$defs", {})))


def resolved(node: Any, definitions: Mapping[str, Any]) -> Any:
    """`node` with each definition where it is named: one object, wherever that is."""
    done: dict[str, Any] = {}

    def put(node: Any) -> Any:
        if isinstance(node, list):
            return [put(value) for value in node]
        if not isinstance(node, dict):
            return node
        if "$ref" not in node:
            return {name: put(value) for name, value in node.items()}
        name = node["$ref"].rpartition("/")[2]
        if name not in done:
            done[name] = put(definitions[name])
        return done[name] | {key: value for key, value in node.items() if key != "$ref"}

    return put(node)
