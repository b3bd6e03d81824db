from .document import SETTLED, Document, Status
from .job import Job, JobEvent, JobStatus, JobType
from .text import DocumentText

__all__ = ["SETTLED", "Document", "DocumentText", "Job", "JobEvent", "JobStatus", "JobType", "Status"]
