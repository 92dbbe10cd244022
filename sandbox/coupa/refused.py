"""The one way in which the sandbox's Coupa says no."""

from collections.abc import Mapping, Sequence


class Refused(Exception):  # noqa: N818  # what Coupa did, not what broke
    """Coupa refuses: an HTTP status and messages by object, ``{"invoice": ["Invoice number can't be blank"]}``."""

    def __init__(self, status: int, errors: Mapping[str, Sequence[str]]) -> None:
        super().__init__("; ".join(message for messages in errors.values() for message in messages))
        self.status = status
        self.errors = {name: list(messages) for name, messages in errors.items()}
