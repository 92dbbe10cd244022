"""The installed sandbox as a process: it opens, answers, survives a restart and ends on SIGTERM."""

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import paramiko
import pytest

from tests.sandbox.small import SEED, invoice_csv, toner

SANDBOX = [sys.executable, "-m", "sandbox"]
Ready = dict[str, Any]


def ask(ready: Ready, method: str, path: str, body: object = None) -> Any:
    """Ask the control face and return its answer."""
    headers = {"Authorization": f"Bearer {ready['control']['token']}"}
    answer = httpx2.request(method, f"{ready['control']['url']}/{path}", headers=headers, json=body, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json()


@contextlib.contextmanager
def sandbox(state: Path, *options: str) -> Iterator[tuple[Ready, subprocess.Popen[str]]]:
    """Serve from a state folder until the block ends."""
    (state.parent / "seed.json").write_text(json.dumps(SEED))
    ready_file = state.parent / "ready.json"
    ready_file.unlink(missing_ok=True)
    command = [*SANDBOX, "serve", "--state", str(state), "--seed", str(state.parent / "seed.json")]
    command += ["--ready-file", str(ready_file), "--loader-seconds", "0.2", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            for _ in range(300):
                if ready_file.exists() or process.poll() is not None:
                    break
                time.sleep(0.1)
            assert process.poll() is None, process.stdout and process.stdout.read()
            yield json.loads(ready_file.read_text()), process
        finally:
            process.kill()


@contextlib.contextmanager
def sftp(ready: Ready, party: str) -> Iterator[paramiko.SFTPClient]:
    """Log in to a party's SFTP."""
    door = ready["sftp"][party]
    with contextlib.closing(paramiko.Transport(socket.create_connection((door["host"], door["port"])))) as transport:
        transport.connect(username=door["user"], password=door["password"])
        key = transport.get_remote_server_key()
        assert f"{key.get_name()} {key.get_base64()}" == door["host_key"]
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        yield client


@pytest.mark.story
def test_a_day_at_the_sandbox(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state") as (ready, process):
        with sftp(ready, "coupa") as coupa:
            with coupa.open("Temp/a.csv", "wb") as file:
                file.write(invoice_csv(*toner("I-1")))
            coupa.rename("Temp/a.csv", "Incoming/Invoices/a.csv")
            wait_for(coupa, "Archive/Incoming/Invoices/a.csv")
        ask(ready, "POST", "coupa/receive", {"order-line": {"id": 1}, "quantity": "10"})
        ask(ready, "POST", "coupa/approve")
        (exported,) = [path for path in ask(ready, "POST", "exporter/run")["files"] if "Invoices" in path]
        assert exported.startswith("Outgoing/Invoices/InvoiceHeader_")
        with sftp(ready, "erp") as erp, erp.open("ok2pay/x.csv", "wb") as file:
            file.write(
                b"InvoiceId,SupplierNumber,InvoiceNumber,Currency,GrossTotal,Status\n1,V-007,I-1,EUR,100,approved\n"
            )
        assert len(ask(ready, "POST", "erp/pay")["files"]) == 1
        (tmp_path / "post").mkdir()
        (tmp_path / "post" / "letter.pdf").write_bytes(b"%PDF-")
        assert ask(ready, "POST", "lockbox/deliver", {"folder": str(tmp_path / "post")}) == {
            "delivered": ["letter.pdf"]
        }
        totals = ask(ready, "GET", "totals")
        assert totals["coupa"]["invoices"] == {"approved": {"EUR": {"count": 1, "total": "100.00"}}}
        assert totals["lockbox"]["folders"]["outbox"] == ["letter.pdf"]
        assert totals["erp"]["paid"] == {"count": 1, "amount": {"EUR": "100"}}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert not (tmp_path / "ready.json").exists()


def wait_for(client: paramiko.SFTPClient, path: str) -> None:
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError):
            client.stat(path)
            return
        time.sleep(0.1)
    raise AssertionError(path)


@pytest.mark.story
def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state") as (first, process):
        ask(first, "POST", "coupa/receive", {"order-line": {"id": 1}, "quantity": "10"})
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    with sandbox(tmp_path / "state") as (second, _):
        assert ask(second, "GET", "totals")["coupa"]["objects"]["receiving_transactions"] == 1
    assert first["sftp"]["erp"]["host_key"] == second["sftp"]["erp"]["host_key"]
    assert first["coupa"]["client_secret"] == second["coupa"]["client_secret"]


@pytest.mark.story
def test_the_rest_side_answers_a_client_that_knows_coupa(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state") as (ready, _):
        coupa = ready["coupa"]
        form = {"client_id": coupa["client_id"], "client_secret": coupa["client_secret"]}
        form |= {"grant_type": "client_credentials", "scope": "core.supplier.read"}
        token = httpx2.post(f"{coupa['url']}/oauth2/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        suppliers = httpx2.get(f"{coupa['url']}/api/suppliers", headers=headers).json()
        assert [supplier["number"] for supplier in suppliers] == ["V-007", "V-008"]


@pytest.mark.story
def test_the_control_face_is_guarded_and_never_breaks_with_coupa(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state") as (ready, _):
        url = ready["control"]["url"]
        assert httpx2.get(f"{url}/health").json() == {"status": "ok"}
        assert httpx2.get(f"{url}/totals").status_code == 401
        token = {"Authorization": f"Bearer {ready['control']['token']}"}
        assert httpx2.post(f"{url}/lockbox/deliver", headers=token, json={}).status_code == 400
        assert httpx2.post(f"{url}/faults", headers=token, json=[]).status_code == 400
        armed = ask(ready, "POST", "faults", {"kind": "status", "status": 503, "times": 0})
        assert armed["rest"][0]["status"] == 503
        assert httpx2.get(f"{ready['coupa']['url']}/api/suppliers").status_code == 503
        armed = ask(ready, "POST", "faults", {"party": "erp", "kind": "refuse-login"})
        assert [fault["kind"] for fault in armed["sftp"]["erp"]] == ["refuse-login"]
        assert ask(ready, "DELETE", "faults") == {"sftp": {"coupa": [], "lockbox": [], "erp": []}, "rest": []}


@pytest.mark.story
def test_a_command_talks_to_the_sandbox_of_its_state_folder(tmp_path: Path) -> None:
    with sandbox(tmp_path / "state"):
        shown = subprocess.run(
            [*SANDBOX, "totals", "--state", str(tmp_path / "state")], capture_output=True, text=True, check=True
        )
        assert json.loads(shown.stdout)["coupa"]["objects"]["suppliers"] == 2
    command = [*SANDBOX, "pay", "--state", str(tmp_path / "state")]
    missing = subprocess.run(command, capture_output=True, text=True, check=False)
    assert missing.returncode == 1
    assert "No sandbox serves" in missing.stdout


def test_a_seed_is_counted_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text(json.dumps(SEED))
    good = subprocess.run([*SANDBOX, "seed", str(tmp_path / "seed.json")], capture_output=True, text=True, check=True)
    assert json.loads(good.stdout)["suppliers"] == 2
    (tmp_path / "seed.json").write_text('{"ghosts": []}')
    bad = subprocess.run([*SANDBOX, "seed", str(tmp_path / "seed.json")], capture_output=True, text=True, check=False)
    assert bad.returncode == 2
    assert "the seed has unknown kinds: ghosts" in bad.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*SANDBOX, "serve", "--state", str(tmp_path / "state"), "--erp-sftp-port", port]
        failed = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert failed.returncode == 1
    assert failed.stdout.startswith("The sandbox cannot open: ")
    assert port in failed.stdout
