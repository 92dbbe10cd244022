"""The process in which OpenPGP messages are opened: ``python -m exchange.decryption`` answers one line of JSON.

What a message unpacks to is known only to whoever encrypted it, so the process is limited in memory and in what it
may write. It imports nothing of ours, asks no network, and gets its passphrase on its input, where nobody sees it.
"""

import json
import re
import resource
import sys
from collections.abc import Mapping
from typing import Any

import pysequoia

MEMORY = 1 << 30
CODE = re.compile(r"\(os error (\d+)\)")


def decrypt(request: Mapping[str, Any]) -> dict[str, Any]:
    """Write what a message holds, with the first key that opens it; return what went wrong, nothing when all is well.

    The answer names the system's error number where the machine is to blame and not the message.
    """
    known = [pysequoia.Cert.from_bytes(bytes.fromhex(one)) for one in request["certificates"]]
    store = (lambda _: known) if request["verify"] else None
    answer: dict[str, Any] = {}
    for file in request["keys"]:
        key = pysequoia.Tsk.from_file(file).decryptor(request["passphrase"])
        try:
            pysequoia.decrypt_file(request["sealed"], request["plain"], key, store)
        except (OSError, RuntimeError) as error:
            code = CODE.search(str(error))
            answer = {"error": str(error).partition("\n")[0], "errno": int(code[1]) if code else 0}
            if "No key to decrypt" not in answer["error"]:
                return answer
        else:
            return {}
    return answer


def main() -> None:
    """Answer one request."""
    request = json.loads(sys.stdin.readline())
    resource.setrlimit(resource.RLIMIT_FSIZE, (request["bytes"], request["bytes"]))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    sys.stdout.write(json.dumps(decrypt(request)) + "\n")


if __name__ == "__main__":
    main()
