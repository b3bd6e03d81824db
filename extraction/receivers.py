"""What this room adds when something happens below it."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from accounts.models import Workspace
from accounts.signals import workspace_created
from extraction.services.flows import flows_seed


@receiver(workspace_created, dispatch_uid="extraction.seed_flows")
def seed_flows(workspace: Workspace, **_: Any) -> None:
    flows_seed(workspace=workspace)
