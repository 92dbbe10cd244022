"""Pack deliveries so that the same content always gives the same bytes."""

import io
import zipfile
from collections.abc import Mapping

MOMENT = (2026, 11, 20, 6, 30, 0)


def packed(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these members in this order: stored, not compressed, because compressors differ in versions."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return stream.getvalue()
