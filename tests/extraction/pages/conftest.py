from tests.contract.made import read_document

__all__ = ["read_document"]
