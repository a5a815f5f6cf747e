"""Errors that a user can meet, each with the exit code of the command line."""

from __future__ import annotations


class DedupError(Exception):
    """Something the user should read: what, where, and what to do."""

    exit_code = 70


class UsageError(DedupError):
    """A wrong option, configuration, rule pack or output folder."""

    exit_code = 2


class InputError(DedupError):
    """Nothing of the input could be read, or an output folder to read from is not one of ours."""

    exit_code = 3


class InvariantError(DedupError):
    """A promise would be broken: a defect of this program. Nothing is written."""

    exit_code = 70
