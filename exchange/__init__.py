"""Exchange moves: the only room with a network, a database, a clock or processes."""
