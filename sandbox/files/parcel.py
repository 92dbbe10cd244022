"""What lies in an incoming folder: a CSV, or a ZIP with one CSV at its top level and the files it names."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.files.sheets import EMPTY, RefusedError, UploadError

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 25 * MAX_BYTES


@dataclass(frozen=True, slots=True)
class Parcel:
    """The CSV and the members around it, by their names in the ZIP."""

    csv: bytes
    members: Mapping[str, bytes] = field(default_factory=dict)


def open_parcel(content: bytes) -> Parcel:
    """Return what a file holds, told by its first bytes; RefusedError above 8 MB, damaged or without a CSV."""
    if len(content) > MAX_BYTES:
        raise _refused(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
    if not content.strip():
        raise _refused(EMPTY)
    if not content.startswith(b"PK"):
        return Parcel(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _unpack(archive)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise _refused(f"The ZIP file cannot be opened: {error}") from None


def _unpack(archive: zipfile.ZipFile) -> Parcel:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _refused("The ZIP file unpacks to too much.")
    sheets = [member for member in members if "/" not in member.filename and member.filename.lower().endswith(".csv")]
    if len(sheets) != 1:
        raise _refused(f"The ZIP file must hold one CSV file at its top level; it holds {len(sheets)}.")
    others = {member.filename: archive.read(member) for member in members if member is not sheets[0]}
    return Parcel(archive.read(sheets[0]), others)


def _refused(message: str) -> RefusedError:
    return RefusedError(UploadError(row=1, messages=(message,)))
