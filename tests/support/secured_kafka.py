"""A broker that takes nobody in whom it does not know, and lets nobody do what its access lists do not say."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from backbone.brokers import Brokers
from backbone.settings import KafkaSettings
from cli.authority import Authority
from cli.stack.kafka import Kafka
from cli.stack.ports import free_ports

PROPERTIES = """\
listeners=SASL_SSL://127.0.0.1:{{port}},SSL://127.0.0.1:{certified},CONTROLLER://127.0.0.1:{{controller}}
advertised.listeners=SASL_SSL://127.0.0.1:{{port}},SSL://127.0.0.1:{certified}
listener.security.protocol.map=CONTROLLER:SSL,SASL_SSL:SASL_SSL,SSL:SSL
inter.broker.listener.name=SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
 org.apache.kafka.common.security.scram.ScramLoginModule required;
ssl.client.auth=required
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
ssl.truststore.type=PEM
ssl.truststore.location={ca}
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:broker;User:{admin}
"""
ADMIN = "admin"


class SecuredKafka(Kafka):
    """`people` have a password each; whoever shows a certificate of the authority is known by it at another port."""

    def __init__(self, home: Path, cache: Path, people: Sequence[str]) -> None:
        self.authority = Authority(home / "authority")
        certificate, key = self.authority.issue("broker")
        keystore = home / "authority" / "keystore.pem"
        keystore.write_bytes(key.read_bytes() + certificate.read_bytes())
        port, self._certified = free_ports(2)
        more = PROPERTIES.format(
            certified=self._certified, keystore=keystore, ca=self.authority.ca, admin=ADMIN
        )
        users = {name: f"of {name}" for name in (ADMIN, *people)}
        super().__init__(home, cache, port, more=more, users=users)

    def by_password(self, name: str) -> Mapping[str, str]:
        """The settings of whoever is known by this name."""
        return {
            "HUDDLE_KAFKA": self.bootstrap,
            "HUDDLE_KAFKA_SECURITY": "scram",
            "HUDDLE_KAFKA_CA": str(self.authority.ca),
            "HUDDLE_KAFKA_USER": name,
            "HUDDLE_KAFKA_PASSWORD": f"of {name}",
        }

    def by_certificate(self, name: str) -> Mapping[str, str]:
        certificate, key = self.authority.issue(name)
        return {
            "HUDDLE_KAFKA": f"127.0.0.1:{self._certified}",
            "HUDDLE_KAFKA_SECURITY": "mtls",
            "HUDDLE_KAFKA_CA": str(self.authority.ca),
            "HUDDLE_KAFKA_CERTIFICATE": str(certificate),
            "HUDDLE_KAFKA_KEY": str(key),
        }

    def known_as(self, name: str) -> Brokers:
        return brokers_of(self.by_password(name))

    @property
    def brokers(self) -> Brokers:
        """As who makes topics."""
        return self.known_as("operator")


def brokers_of(env: Mapping[str, str]) -> Brokers:
    """As a process with these settings reaches them."""
    told = {name.removeprefix("HUDDLE_").lower(): value for name, value in env.items()}
    return KafkaSettings(**told).brokers  # type: ignore[arg-type]
