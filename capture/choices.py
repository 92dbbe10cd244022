"""How pages may be read, by name; ``capture.engines`` tells what each is."""

from typing import Literal

Choice = Literal["auto", "tiny", "small", "rapid", "tesseract"]
