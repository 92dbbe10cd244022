"""What `exchange init` writes and what `exchange check` proves."""

import json
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from exchange.cli import ground_proofs, partner_proofs, starting
from exchange.cli.proof import Proof, State, exit_code
from exchange.errors import ExchangeError
from exchange.flow import FlowName
from exchange.schedule import load_schedules
from exchange.settings import Settings, check_settings, load_settings
from payables.policy_values import STARTING_POINT
from tests.exchange.sshd import HERE, running_sshd


@pytest.fixture
def house(tmp_path: Path) -> Callable[..., Settings]:
    """A house whose partners are folders of this machine; keywords change the settings."""
    folders = {
        "lockbox": ("inbox", "outbox", "ack", "archive", "temp"),
        "erp": ("ok2pay", "payments", "archive", "temp"),
    }
    sites = {}
    for name, names in folders.items():
        for folder in names:
            (tmp_path / name / folder).mkdir(parents=True)
        sites[name] = {"kind": "local", "path": str(tmp_path / name)}
    values: dict[str, Any] = {"home": str(tmp_path / "home"), "policy": STARTING_POINT, **sites}
    return lambda **changes: check_settings(values | changes, "exchange.toml")


def failed(proofs: Sequence[Proof]) -> list[tuple[str, str, str]]:
    return [(proof.about, proof.what, proof.message) for proof in proofs if proof.state is State.FAILED]


def test_init_writes_settings_in_which_every_key_has_its_default(tmp_path: Path) -> None:
    starting.write(tmp_path, force=False)
    assert Settings(home=tmp_path / "exchange-home", policy=dict(STARTING_POINT)) == load_settings(
        tmp_path / "exchange.toml"
    )


def test_init_writes_a_schedule_for_every_flow(tmp_path: Path) -> None:
    starting.write(tmp_path, force=False)
    assert list(FlowName) == [one.flow for one in load_schedules(tmp_path / "schedules.yaml").schedules]


def test_a_default_that_is_written_as_a_comment_is_still_the_default(tmp_path: Path) -> None:
    head = starting.settings_text(tmp_path).split("# What the house allows.")[0]
    bare = re.sub(r"^# (?=[a-z_]+ = )", "", head, flags=re.MULTILINE)
    kept = [line for line in bare.splitlines() if "_file = " not in line and not line.startswith("home = ")]
    assert Settings() == check_settings(tomllib.loads("\n".join(kept)), "exchange.toml")


def test_init_overwrites_nothing_unless_told_to(tmp_path: Path) -> None:
    (tmp_path / "schedules.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"schedules.yaml would be overwritten; --force"):
        starting.write(tmp_path, force=False)
    assert ["schedules.yaml"] == [path.name for path in tmp_path.iterdir()]
    starting.write(tmp_path, force=True)
    assert "mine" != (tmp_path / "schedules.yaml").read_text(encoding="utf-8")


def test_a_house_in_order_fails_nothing(house: Callable[..., Settings], tmp_path: Path) -> None:
    starting.write(tmp_path, force=False)
    assert [] == failed([*ground_proofs.ground(house(), tmp_path / "schedules.yaml")])


def test_a_missing_schedules_file_is_only_a_warning(house: Callable[..., Settings], tmp_path: Path) -> None:
    proofs = list(ground_proofs.ground(house(), tmp_path / "none.yaml"))
    assert [("schedules", State.WARNING)] == [(one.about, one.state) for one in proofs if one.state is not State.OK]


def test_every_wrong_key_of_the_policy_is_told(house: Callable[..., Settings]) -> None:
    policy = json.loads(json.dumps(STARTING_POINT)) | {"matching": "4-way", "colour": "red"}
    told = [message for about, _, message in failed(list(ground_proofs.ground(house(policy=policy), None)))]
    assert [
        "policy.colour: is not known",
        "policy.matching: '4-way' is none of none, 2-way, 3-way, 3-way-direct",
    ] == told


def test_what_others_may_read_is_a_warning(house: Callable[..., Settings], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.touch(mode=0o644)
    settings = house(lockbox={"kind": "local", "path": str(tmp_path / "lockbox"), "key_file": str(key)})
    rights = [next(proof for proof in ground_proofs.ground(settings, None) if proof.what == "rights")]
    key.chmod(0o600)
    rights += [proof for proof in ground_proofs.ground(settings, None) if proof.what == "rights"]
    assert [State.WARNING, State.OK] == [proof.state for proof in rights]
    assert f"Type: chmod o-rwx {key}" == rights[0].remedy


def test_a_ledger_that_cannot_be_opened_says_so(house: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "ledger.sqlite").write_bytes(b"this is no database, but it is long enough to be looked at" * 20)
    ledger = {"url": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    proofs = list(ground_proofs.ground(house(ledger=ledger), None))
    assert ["ledger"] == [about for about, _, _ in failed(proofs)]
    assert 11 == exit_code(proofs)


def test_the_password_in_the_url_of_a_ledger_is_never_shown(house: Callable[..., Settings]) -> None:
    url = "postgresql+psycopg://exchange:pw-5471@127.0.0.1:1/exchange"
    settings = house(ledger={"url": url})
    proofs = list(ground_proofs.ground(settings, None))
    shown = f"{settings!r} {settings.model_dump()} {settings.model_dump_json()} {proofs!r}"
    told = ["ledger"] == [about for about, _, _ in failed(proofs)]
    assert (url, True, False) == (settings.ledger_url, told, "pw-5471" in shown)


def test_a_template_that_cannot_be_rendered_says_so(house: Callable[..., Settings], tmp_path: Path) -> None:
    template = tmp_path / "own.j2"
    template.write_text("{{ nobody.knows }}", encoding="utf-8")
    erp = {"kind": "local", "path": str(tmp_path / "erp"), "template": str(template)}
    assert ["erp template"] == [about for about, _, _ in failed(list(ground_proofs.ground(house(erp=erp), None)))]


def test_both_engines_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [State.OK] == [proof.state for proof in ground_proofs.engines()][:1]
    monkeypatch.setenv("PATH", "/nowhere")
    without = list(ground_proofs.engines())
    assert [State.OK, State.WARNING] == [proof.state for proof in without]
    assert "Type: apt-get install tesseract-ocr" == without[1].remedy
    assert 0 == exit_code(without)


def test_a_partner_is_tried_folder_by_folder(house: Callable[..., Settings], tmp_path: Path) -> None:
    (tmp_path / "erp" / "payments").rmdir()
    proofs = list(partner_proofs.partners(house()))
    assert [("coupa", "settings"), ("erp", "list payments")] == [found[:2] for found in failed(proofs)]
    assert 20 == exit_code(proofs)


def test_a_partner_without_a_host_is_a_warning(house: Callable[..., Settings]) -> None:
    proofs = list(partner_proofs.partners(house(lockbox={})))
    assert ["no host is set"] == [proof.message for proof in proofs if proof.state is State.WARNING]


def test_coupas_folders_are_tried_when_a_flow_goes_by_file(house: Callable[..., Settings], tmp_path: Path) -> None:
    for folder in ("Outgoing/Suppliers", "Incoming/Invoices", "Temp"):
        (tmp_path / "coupa" / folder).mkdir(parents=True)
    coupa = {"files": {"kind": "local", "path": str(tmp_path / "coupa")}}
    flows = {"suppliers": {"source": "files"}, "invoices": {"deliver": "file"}}
    proofs = [one for one in partner_proofs.partners(house(coupa=coupa, flows=flows)) if one.about == "coupa files"]
    assert {"list Outgoing/Suppliers", "list Incoming/Invoices"} <= {one.what for one in proofs}
    assert [] == failed(proofs)


@pytest.mark.skipif(not HERE, reason="OpenSSH's server is missing: apt-get install openssh-server")
def test_a_changed_host_key_is_refused_before_anything_is_sent(house: Callable[..., Settings], tmp_path: Path) -> None:
    with running_sshd(tmp_path / "sshd") as server:
        good = server.settings(tmp_path / "lockbox").model_dump() | {"temporary": "temp"}
        bad = good | {"host_keys": ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]}
        fine, changed = (list(partner_proofs.partners(house(lockbox=site))) for site in (good, bad))
    assert ["coupa"] == [about for about, _, _ in failed(fine)]
    assert [("coupa", "settings"), ("lockbox", "host key")] == [found[:2] for found in failed(changed)]
