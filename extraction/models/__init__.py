from .conversion import Conversion, Figure, Page
from .extraction import Extraction, ExtractionMethod
from .flow import FieldType, Flow, FlowField, FlowVersion
from .memory import Lesson, LessonSource, MemoryKey, RememberedField, SenderMemory

__all__ = [
    "Conversion",
    "Extraction",
    "ExtractionMethod",
    "FieldType",
    "Figure",
    "Flow",
    "FlowField",
    "FlowVersion",
    "Lesson",
    "LessonSource",
    "MemoryKey",
    "Page",
    "RememberedField",
    "SenderMemory",
]
