"""What can go wrong with the embedded servers."""


class EmbeddedError(Exception):
    """A sentence for the person at the terminal: what happened and what to do."""


class DataDirInUseError(EmbeddedError):
    """Another process already runs its servers on this data folder."""
