"""The manifests of `deploy/kubernetes` as a cluster would get them: the example of a clinic, rendered."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent.parent.parent / "deploy" / "kubernetes"
KUBECTL = shutil.which(
    "kubectl", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
)


@cache
def rendered() -> tuple[Mapping[str, Any], ...]:
    """The example of a clinic."""
    command = [str(KUBECTL), "kustomize", str(FOLDER / "example")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def of_kind(kind: str) -> Mapping[str, Mapping[str, Any]]:
    return {each["metadata"]["name"]: each for each in rendered() if each["kind"] == kind}


def processes() -> Mapping[str, Mapping[str, Any]]:
    """What runs of ours, by the name of its label."""
    lasting = [*of_kind("Deployment").values(), *of_kind("Job").values()]
    return {labels(each)["app.kubernetes.io/name"]: each["spec"]["template"]["spec"] for each in lasting}


def labels(workload: Mapping[str, Any]) -> Mapping[str, str]:
    found: Mapping[str, str] = workload["spec"]["template"]["metadata"]["labels"]
    return found


def environment(name: str) -> dict[str, str]:
    """What the container is given, with the name of its label where it asks for that."""
    [container] = processes()[name]["containers"]
    given: dict[str, str] = {}
    for source in container["envFrom"]:
        given |= of_kind("ConfigMap")[source["configMapRef"]["name"]]["data"]
    return given | {each["name"]: each.get("value", name) for each in container.get("env", ())}


def secrets(name: str) -> Iterator[str]:
    """Names of the secrets that are mounted."""
    [volume] = [each for each in processes()[name]["volumes"] if each["name"] == "secrets"]
    if "secret" in volume:
        yield volume["secret"]["secretName"]
    else:
        yield from (source["secret"]["name"] for source in volume["projected"]["sources"])


def selects(policy: Mapping[str, Any], name: str) -> bool:
    [own] = [
        labels(each)
        for each in (*of_kind("Deployment").values(), *of_kind("Job").values())
        if labels(each)["app.kubernetes.io/name"] == name
    ]
    selector = policy["podSelector"]
    among = all(own.get(each["key"]) in each["values"] for each in selector.get("matchExpressions", ()))
    return among and own.items() >= selector.get("matchLabels", {}).items()
