from .conversion import Conversion, Page
from .extraction import Extraction, ExtractionMethod
from .flow import FieldType, Flow, FlowField, FlowVersion

__all__ = [
    "Conversion",
    "Extraction",
    "ExtractionMethod",
    "FieldType",
    "Flow",
    "FlowField",
    "FlowVersion",
    "Page",
]
