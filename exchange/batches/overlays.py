"""The customer's own templates: overlays named in the settings, laid over the layouts."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from exchange.errors import NotFoundError, SettingsError
from formats.catalogue import LAYOUTS
from formats.layout import Layout
from formats.overlay import OverlayError, lay_over, load


def load_layout(overlay: Path | None, name: str) -> type[Layout[Any]]:
    """Return a layout by its name with an overlay laid over it, if there is one; an overlay may stand by itself.

    NotFoundError if there is no such layout; SettingsError if the overlay cannot be used or is for another layout.
    """
    if name and name not in LAYOUTS:
        raise NotFoundError(f"There is no layout {name!r}; `exchange formats list` names them.")
    return _laid_over(overlay, name) if overlay else LAYOUTS[name]


@lru_cache(maxsize=32)
def _laid_over(path: Path, name: str) -> type[Layout[Any]]:
    try:
        overlay = load(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    except OverlayError as error:
        raise SettingsError(str(error)) from None
    if name and overlay.layout != name:
        raise SettingsError(f"{path} is an overlay for {overlay.layout}; {name} is needed.")
    return lay_over(overlay)
