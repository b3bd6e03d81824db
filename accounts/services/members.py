"""Workspaces and their people."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from accounts.actors import Actor, system_actor
from accounts.models import ApiKey, Membership, Role, User, Workspace
from accounts.services.api_keys import api_key_revoke
from accounts.services.audit import audit_record
from accounts.signals import workspace_created
from common.errors import AppError


def workspace_create(*, name: str) -> Workspace:
    """A new workspace with its built-in flows."""
    with transaction.atomic():
        workspace = Workspace.objects.create(name=name, slug=slugify(name)[:64])
        audit_record(
            actor=system_actor(workspace),
            action="workspace.created",
            object_type="workspace",
            object_id=workspace.pk,
            changes={"name": name},
        )
        workspace_created.send(sender=Workspace, workspace=workspace)
    return workspace


def member_add(*, workspace: Workspace, user: User, role: str, actor: Actor | None = None) -> Membership:
    """The person's place in the workspace; admins and reviewers may also open the Django admin."""
    with transaction.atomic():
        membership, _ = Membership.objects.update_or_create(
            workspace=workspace, user=user, defaults={"role": role}
        )
        _sync_staff(user)
        audit_record(
            actor=actor or system_actor(workspace),
            action="member.added",
            object_type="user",
            object_id=user.pk,
            changes={"role": role, "email": user.email},
        )
    return membership


def member_change_role(*, membership: Membership, role: str, actor: Actor) -> Membership:
    """The membership with its new role.

    Raises: AppError `conflict` when it would leave the workspace without an admin.
    """
    with transaction.atomic():
        _keep_one_admin(membership, role)
        old, membership.role = membership.role, role
        membership.save(update_fields=["role"])
        _sync_staff(membership.user)
        audit_record(
            actor=actor,
            action="member.role_changed",
            object_type="user",
            object_id=membership.user_id,
            from_state=old,
            to_state=role,
        )
    return membership


def member_remove(*, membership: Membership, actor: Actor) -> None:
    """Takes the person out of the workspace; the keys they made end with it.

    Raises: AppError `conflict` when it would leave the workspace without an admin.
    """
    with transaction.atomic():
        _keep_one_admin(membership, "")
        user = membership.user
        for key in ApiKey.objects.filter(workspace=membership.workspace, created_by=user, revoked_at=None):
            api_key_revoke(actor=actor, key=key)
        membership.delete()
        _sync_staff(user)
        audit_record(
            actor=actor,
            action="member.removed",
            object_type="user",
            object_id=user.pk,
            changes={"email": user.email},
        )


def _keep_one_admin(membership: Membership, new_role: str) -> None:
    if membership.role != Role.ADMIN or new_role == Role.ADMIN:
        return
    # Locking all admins makes two demotions at once take turns.
    admins = Membership.objects.select_for_update().filter(workspace=membership.workspace, role=Role.ADMIN)
    if len(admins) < 2:
        raise AppError(
            "conflict",
            409,
            "A workspace needs an admin. Make somebody else one first.",
            details={"field": "role"},
        )


def _sync_staff(user: User) -> None:
    staff = user.is_superuser or user.memberships.filter(role__in=[Role.ADMIN, Role.REVIEWER]).exists()
    if staff != user.is_staff:
        user.is_staff = staff
        user.save(update_fields=["is_staff"])
