"""Less of AWS's libraries: what they read when they are imported and opened, and ctui has no use for.

- aiohttp reads this machine's certificates when it is imported, for 40 ms and 2 MB. aiobotocore never uses them: it
  makes a context of its own for each connection, with the certificates that botocore's settings name.
- botocore reads its list of the endpoints of all 400 services, for 50 ms and 7 MB. ctui asks eight of them.
- botocore reads all 800 operations of EC2, for 0.2 s and 8 MB. ctui asks it for one thing: the Regions.
- botocore keeps the texts of its manual, which are two thirds of what it knows of a service, and dictionaries twice as
  large as plain ones.
"""

import contextlib
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

_NO_CERTIFICATES = {"SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
SERVICES = ("cloudtrail", "sts", "account", "ec2", "organizations", "sso", "portal.sso", "oidc", "signin")
"""The services that ctui and its logins ask, as the list of endpoints calls them. Not all of them are in it."""
_FEW_OPERATIONS = {"ec2": ("DescribeRegions",)}
"""The operations that are kept of a service that has many."""
_SHAPE = re.compile(rb'"shape"\s*:\s*("[^"]+")')
"""Where a shape is named in an operation, or in another shape."""
_GZIP = 31
"""What zlib calls the format of gzip."""
_Raws = dict[str, msgspec.Raw]


@contextlib.contextmanager
def without_certificates() -> Iterator[None]:
    """While AWS's libraries are imported in this context, they read no certificates of this machine."""
    if "aiohttp" in sys.modules:
        yield
        return
    before = {name: os.environ.get(name) for name in _NO_CERTIFICATES}
    os.environ.update(_NO_CERTIFICATES)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def read_less(session: Any) -> None:
    """Let a botocore session keep, of the list of endpoints, those of `SERVICES` alone, and of services no texts of the
    manual. Partitions stay whole."""
    from botocore.loaders import JSONFileLoader  # noqa: PLC0415 - only a thread imports it

    class LessOfFiles(JSONFileLoader):  # type: ignore[misc]
        def load_file(self, file_path: str) -> Any:
            with contextlib.suppress(OSError, zlib.error, msgspec.DecodeError, LookupError):
                if Path(file_path).name == "endpoints":
                    return few_endpoints(Path(f"{file_path}.json").read_bytes())
                if (packed := Path(f"{file_path}.json.gz")).is_file() and not Path(f"{file_path}.json").is_file():
                    content = zlib.decompress(packed.read_bytes(), _GZIP)
                    service, _version, kind = Path(file_path).parts[-3:]
                    if kind == "service-2" and service in _FEW_OPERATIONS:
                        return without_manual(few_operations(content, _FEW_OPERATIONS[service]))
                    return without_manual(msgspec.json.decode(content))
            # What has another form, or is in another place, is read as botocore does.
            return super().load_file(file_path)

    session.get_component("data_loader").file_loader = LessOfFiles()


def without_manual(value: Any) -> Any:
    """What botocore knows of a service, without the texts of its manual. A member of that name stays."""
    if isinstance(value, dict):
        return {
            name: without_manual(each)
            for name, each in value.items()
            if not (name == "documentation" and isinstance(each, str))
        }
    return list(map(without_manual, value)) if isinstance(value, list) else value


def few_operations(content: bytes, names: Iterable[str]) -> dict[str, Any]:
    """What botocore knows of a service, with these operations alone, and the shapes that they need.

    Raises msgspec.DecodeError, and KeyError if there is no such operation.
    """
    whole = msgspec.json.decode(content, type=_Raws)
    operations = msgspec.json.decode(whole.pop("operations"), type=_Raws)
    shapes = msgspec.json.decode(whole.pop("shapes"), type=_Raws)
    kept = {name: operations[name] for name in names}
    needed = dict[str, msgspec.Raw]()
    unseen = list(kept.values())
    while unseen:
        for named in _SHAPE.findall(bytes(unseen.pop())):
            shape = msgspec.json.decode(named)
            if shape not in needed:
                needed[shape] = shapes[shape]
                unseen.append(shapes[shape])
    return {**_decoded(whole), "operations": _decoded(kept), "shapes": _decoded(needed)}


def few_endpoints(content: bytes) -> dict[str, Any]:
    """The list of endpoints with few services. Raises msgspec.DecodeError."""
    whole = msgspec.json.decode(content, type=_Raws)
    partitions = msgspec.json.decode(whole.pop("partitions"), type=list[_Raws])
    return {"partitions": list(map(_partition, partitions)), **_decoded(whole)}


def _partition(partition: _Raws) -> dict[str, Any]:
    services = msgspec.json.decode(partition.pop("services"), type=_Raws)
    few = {name: services[name] for name in SERVICES if name in services}
    return {**_decoded(partition), "services": _decoded(few)}


def _decoded(raws: _Raws) -> dict[str, Any]:
    return {name: msgspec.json.decode(raw) for name, raw in raws.items()}
