"""The small sizing of the study's tests."""

from tests.study.pilot.conftest import sizing

__all__ = ["sizing"]
