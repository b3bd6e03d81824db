from .base import *
from .pipeline import INTAKE_CHECK as INTAKE_CHECK
from .pipeline import PIPELINE as PIPELINE
