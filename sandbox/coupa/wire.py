"""JSON and XML as Coupa speaks them.

XML is the default when ``Accept`` does not ask for JSON. XML errors are ``<errors><error>``, JSON's keyed by object.
[I]: the type attributes of XML (``integer``, ``boolean``, ``array``, ``nil``) are Rails'. Decimals are read without
passing through floats. Attributes whose name begins with an underscore are the sandbox's own and never leave it.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from lxml import etree

from sandbox.store import Json

DEPTH = 32
SURROGATE = re.compile("[\ud800-\udfff]")


class Unreadable(ValueError):  # noqa: N818  # the client's fault, answered with 400
    """A request's body is not what its Content-Type says."""


def public(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return a value without the sandbox's own attributes."""
    if isinstance(value, dict):
        return {name: public(inner) for name, inner in value.items() if not name.startswith("_")}
    return [public(inner) for inner in value] if isinstance(value, list) else value


def read(body: bytes, content_type: str) -> Json:
    """Read an object from a request's body; an empty body is an empty object."""
    if not body.strip():
        return {}
    return _read_json(body) if "json" in content_type else read_xml(body)


def _read_json(body: bytes) -> Json:
    try:
        value = json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The request body is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise Unreadable("The request body is not a JSON object")
    texts: Json = _texts(value, DEPTH)
    return texts


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not a number")


def _texts(value: Any, depth: int) -> Any:  # noqa: ANN401  # any JSON
    """Decimals become strings again, as everything else in the store is."""
    if depth == 0:
        raise Unreadable("The request body is nested too deeply")
    if isinstance(value, dict):
        return {name: _texts(inner, depth - 1) for name, inner in value.items() if not name.startswith("_")}
    if isinstance(value, list):
        return [_texts(inner, depth - 1) for inner in value]
    if isinstance(value, str) and SURROGATE.search(value):
        raise Unreadable("The request body is not Unicode text")
    return format(value, "f") if isinstance(value, Decimal) else value


def read_xml(body: bytes) -> Json:
    """Read the object in an XML document; document type declarations are refused."""
    try:
        root = etree.fromstring(
            body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        )
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"The request body is not XML: {error}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("Document type declarations are not accepted")
    value = _from_element(root)
    return value if isinstance(value, dict) else {}


def _from_element(element: etree._Element) -> Any:  # noqa: ANN401  # any JSON
    children = [child for child in element if isinstance(child.tag, str)]
    if element.get("nil") == "true":
        return None
    if element.get("type") == "array" or _is_list(element, children):
        return [_from_element(child) for child in children]
    if children:
        return {str(child.tag): _from_element(child) for child in children}
    text = (element.text or "").strip()
    if element.get("type") == "boolean":
        return text == "true"
    return int(text) if element.get("type") == "integer" and re.fullmatch(r"-?\d{1,18}", text) else text


def _is_list(element: etree._Element, children: Sequence[etree._Element]) -> bool:
    return bool(children) and {child.tag for child in children} == {singular(str(element.tag))} != {element.tag}


def singular(name: str) -> str:
    """Return the name of one item of a list: ``addresses`` -> ``address``, ``currencies`` -> ``currency``."""
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-2] if name.endswith("sses") else name.removesuffix("s")


def write_json(value: object) -> bytes:
    """Write a value as JSON."""
    return json.dumps(public(value), ensure_ascii=False).encode()


def write_xml(value: Json | Sequence[Json], root: str) -> bytes:
    """Write one object under ``root`` (``invoice-header``), or a list of them under its plural."""
    name = root if isinstance(value, dict) else plural(root)
    element = _element(name, public(value))
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8")


def plural(name: str) -> str:
    """Return the name of a list of items."""
    if name.endswith("y"):
        return name[:-1] + "ies"
    return name + ("es" if name.endswith("ss") else "s")


def _element(name: str, value: Any) -> etree._Element:  # noqa: ANN401  # any JSON
    element = etree.Element(_tag(name))
    if isinstance(value, dict):
        element.extend(_element(inner, item) for inner, item in value.items())
    elif isinstance(value, list):
        element.set("type", "array")
        element.extend(_element(singular(name), item) for item in value)
    elif value is None:
        element.set("nil", "true")
    else:
        _leaf(element, value)
    return element


def _tag(name: str) -> str:
    """Attributes are names already; of custom fields nobody knows."""
    clean = re.sub(r"[^A-Za-z0-9_.-]", "-", name.rstrip("?"))
    return clean if re.match(r"[A-Za-z_]", clean) else f"_{clean}"


def _leaf(element: etree._Element, value: object) -> None:
    if isinstance(value, bool):
        element.set("type", "boolean")
    elif isinstance(value, int):
        element.set("type", "integer")
    text = str(value).lower() if isinstance(value, bool) else str(value)
    element.text = "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")


def write_errors(errors: Mapping[str, Sequence[str]], *, as_json: bool) -> bytes:
    """Write messages keyed by object as JSON, or one after another as XML."""
    if as_json:
        return json.dumps({"errors": errors}, ensure_ascii=False).encode()
    root = etree.Element("errors")
    for message in (message for messages in errors.values() for message in messages):
        etree.SubElement(root, "error").text = message
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
