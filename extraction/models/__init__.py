from .conversion import Conversion, Figure, Page
from .document_type import DocumentType
from .extraction import Extraction, ExtractionMethod
from .flow import FieldType, Flow, FlowField, FlowVersion
from .llm import LlmCall
from .memory import Lesson, LessonSource, MemoryKey, RememberedField, SenderMemory
from .template import Template, TemplateStatus, TemplateVersion

__all__ = [
    "Conversion",
    "DocumentType",
    "Extraction",
    "ExtractionMethod",
    "FieldType",
    "Figure",
    "Flow",
    "FlowField",
    "FlowVersion",
    "Lesson",
    "LessonSource",
    "LlmCall",
    "MemoryKey",
    "Page",
    "RememberedField",
    "SenderMemory",
    "Template",
    "TemplateStatus",
    "TemplateVersion",
]
