from .conversion import Conversion, Figure, Page
from .extraction import Extraction, ExtractionMethod
from .flow import FieldType, Flow, FlowField, FlowVersion
from .llm import LlmCall

__all__ = [
    "Conversion",
    "Extraction",
    "ExtractionMethod",
    "FieldType",
    "Figure",
    "Flow",
    "FlowField",
    "FlowVersion",
    "LlmCall",
    "Page",
]
