from .base import *
from .pipeline import EASYOCR_MODELS as EASYOCR_MODELS
from .pipeline import FILE_KEYS as FILE_KEYS
from .pipeline import INTAKE_CHECK as INTAKE_CHECK
from .pipeline import JOB_RUNNERS as JOB_RUNNERS
from .pipeline import OCR_ENGINES as OCR_ENGINES
from .pipeline import OCR_FIGURES as OCR_FIGURES
from .pipeline import OCR_LANGUAGES as OCR_LANGUAGES
from .pipeline import PIPELINE as PIPELINE
from .pipeline import STAGE_QUEUES as STAGE_QUEUES
