"""The process in which XSLT runs: ``python -m formats.saxon`` answers each line of JSON by one.

A request names a stylesheet and carries an XML text without a document type; the answer is what the rules of the
stylesheet found, or an error. Nothing but local files is ever opened. The process ends with its input.
"""

import json
import resource
import sys
from collections.abc import Iterator

from lxml import etree
from saxonche import PySaxonProcessor, PyXsltExecutable  # type: ignore[import-not-found]

MEMORY = 2 << 30
PROTOCOLS = "http://saxon.sf.net/feature/allowedProtocols"
REPORTS = ("{http://purl.oclc.org/dsdl/svrl}failed-assert", "{http://purl.oclc.org/dsdl/svrl}successful-report")


class Stylesheets:
    """Stylesheets, each compiled once."""

    def __init__(self) -> None:
        self.processor = PySaxonProcessor(license=False)
        self.processor.set_configuration_property(PROTOCOLS, "file")
        self.compiled: dict[str, PyXsltExecutable] = {}

    def run(self, path: str, xml: str) -> list[dict[str, str]]:
        """What a Schematron stylesheet reports of an XML text, each with id, flag, location and text."""
        if path not in self.compiled:
            self.compiled[path] = self.processor.new_xslt30_processor().compile_stylesheet(stylesheet_file=path)
        report = self.compiled[path].transform_to_string(xdm_node=self.processor.parse_xml(xml_text=xml))
        return list(_failures(str(report)))

    def answer(self, request: dict[str, str]) -> dict[str, object]:
        """The answer to one request."""
        try:
            return {"failures": self.run(request["stylesheet"], request["xml"])}
        except Exception as error:  # noqa: BLE001 - whatever a stylesheet dies of is an answer
            return {"error": " ".join(str(error).split())[:500] or type(error).__name__}


def _failures(report: str) -> Iterator[dict[str, str]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
    for element in etree.fromstring(report.encode(), parser).iter(*REPORTS):
        text = " ".join("".join(map(str, element.itertext())).split())
        yield {key: element.get(key) or "" for key in ("id", "flag", "location")} | {"text": text}


def main() -> None:
    """Answer requests until the input ends; the memory that may be used is limited to two gigabytes."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    stylesheets = Stylesheets()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(stylesheets.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
