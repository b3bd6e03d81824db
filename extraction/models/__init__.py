from .conversion import Conversion, Figure, Page
from .document_type import DocumentType
from .extraction import Extraction, ExtractionMethod
from .flow import FieldType, Flow, FlowField, FlowVersion
from .llm import LlmCall
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
    "LlmCall",
    "Page",
    "Template",
    "TemplateStatus",
    "TemplateVersion",
]
