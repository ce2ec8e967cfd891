"""Answers of services that speak XML: STS and EC2."""

from collections.abc import Mapping
from xml.etree import ElementTree

from ctui.aws.decode.answers import not_cloudtrail

_NO_XML = (ElementTree.ParseError, ValueError, LookupError)
"""What parsing raises: the last two for an unknown or multi-byte encoding."""


def root_of(action: str, body: bytes) -> ElementTree.Element:
    """The root of an answer. Raises NotCloudTrail if it is not XML."""
    try:
        return ElementTree.fromstring(body)
    except _NO_XML as error:
        raise not_cloudtrail(f"{action} did not return XML") from error


def text_in(element: ElementTree.Element, name: str) -> str:
    """The text of the first element of that name, whatever its namespace; "" if there is none."""
    return element.findtext(f".//{{*}}{name}", "").strip()


def read_xml_error(body: bytes, _headers: Mapping[str, str]) -> tuple[str, str] | None:
    """(code, message) of an error answer, or None if it has no code as STS and EC2 write it."""
    try:
        root = ElementTree.fromstring(body)
    except _NO_XML:
        return None
    code = root.findtext(".//{*}Error/{*}Code")
    return (code, root.findtext(".//{*}Error/{*}Message") or "") if code else None
