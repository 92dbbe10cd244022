"""The lockbox delivers letters and finds its answers."""

from pathlib import Path

from sandbox.parties import lockbox


def test_the_lockbox_delivers_letters_and_keeps_its_notes(tmp_path: Path) -> None:
    for folder in (*lockbox.FOLDERS, "home"):
        (tmp_path / folder).mkdir()
    for name in ("b.zip", "a.pdf", "a.pdf.expected.json", "README.md"):
        (tmp_path / "home" / name).write_text(name)
    assert lockbox.deliver(tmp_path / "home", tmp_path) == ["a.pdf", "b.zip"]
    assert sorted(path.name for path in (tmp_path / "outbox").iterdir()) == ["a.pdf", "b.zip"]
    assert list((tmp_path / "temp").iterdir()) == []


def test_the_lockbox_reads_its_answers(tmp_path: Path) -> None:
    (tmp_path / "ack").mkdir()
    (tmp_path / "ack" / "a.csv").write_text("x")
    (tmp_path / "ack" / "a.json").write_text('{"loaded": 1}')
    assert lockbox.acknowledgements(tmp_path) == [
        {"name": "a.csv", "size": 1},
        {"name": "a.json", "size": 13, "content": {"loaded": 1}},
    ]
