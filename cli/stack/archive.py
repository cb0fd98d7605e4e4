"""The classes that a broker loads, as an archive: where there is one, the JVM maps it and does not read and check each
class anew. It starts in half the time. Made by `python -m tests.archive`, since who starts one broker does without.
"""

import os
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path


def archive_of(jars: Path, java: Sequence[str]) -> Path:
    """Its file, beside the folder of the jars. Of these jars for this Java with these flags: no other could read it."""
    program = Path(shutil.which(java[0]) or java[0]).resolve()
    changed = program.stat().st_mtime_ns if program.exists() else 0
    told = os.fsencode("\n".join((str(jars), str(program), str(changed), *java)))
    return jars.with_name(f"{jars.name}-{sha256(told).hexdigest()[:12]}.jsa")


def mapped(jars: Path, java: Sequence[str]) -> Sequence[str]:
    """The flags for it; none where it was not made."""
    file = archive_of(jars, java)
    return (f"-XX:SharedArchiveFile={file}",) if file.exists() else ()
