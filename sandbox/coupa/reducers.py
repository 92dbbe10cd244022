"""Make answers smaller: ``fields=[...]`` and ``return_object=none|limited|shallow``.

Coupa: Arguments, Querying Options. [I]: ``limited`` leaves the id, ``shallow`` leaves the object's own attributes and
of its associations the ids; a named ``filter=`` is configured in an instance and leaves everything here.
"""

import json
from typing import Any

from sandbox.coupa.refused import Refused
from sandbox.store import Json


def reduce(value: Any, parameters: dict[str, str]) -> Any:  # noqa: ANN401  # any JSON
    """Return an object, or every object of a list, as far as the parameters want it; None for ``none``."""
    if "fields" in parameters:
        value = _pick(value, _fields(parameters["fields"]))
    match parameters.get("return_object", ""):
        case "none":
            return None
        case "limited":
            return _pick(value, ["id"])
        case "shallow":
            return [_shallow(one) for one in value] if isinstance(value, list) else _shallow(value)
    return value


def _fields(text: str) -> list[Any]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, list):
        raise Refused(400, {"query": ["fields is not a JSON list"]})
    return fields


def _pick(value: Any, fields: list[Any]) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, list):
        return [_pick(item, fields) for item in value]
    if not isinstance(value, dict):
        return value
    picked: Json = {}
    for field in fields:
        wanted = field if isinstance(field, dict) else {str(field): None}
        for name, inner in wanted.items():
            dashed = name.replace("_", "-")
            if dashed in value:
                picked[dashed] = value[dashed] if not isinstance(inner, list) else _pick(value[dashed], inner)
    return picked


def _shallow(body: Json) -> Json:
    return {name: _ids(value) for name, value in body.items()}


def _ids(value: Any) -> Any:  # noqa: ANN401  # any JSON
    if isinstance(value, dict) and "id" in value:
        return {"id": value["id"]}
    return [_ids(item) for item in value] if isinstance(value, list) else value
