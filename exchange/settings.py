"""Settings: one TOML file, secrets from the environment or from files, checked before anything moves."""
