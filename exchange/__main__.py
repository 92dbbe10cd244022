"""Where the command begins; a process that reads for it begins here too, and has no use for all the commands."""


def main() -> None:
    """Run the command line."""
    from exchange.cli import main as run  # noqa: PLC0415 - a second and a half that only the command itself should cost

    run()


if __name__ == "__main__":
    main()
