"""What all tests share."""

from hypothesis import settings

settings.register_profile("no deadline", deadline=None)  # a machine that is busy is no failure
settings.load_profile("no deadline")
