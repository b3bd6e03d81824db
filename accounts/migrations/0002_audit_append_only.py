from django.db import migrations

FORWARD = """
CREATE FUNCTION recto_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'audit events are append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditevent
    FOR EACH ROW EXECUTE FUNCTION recto_audit_append_only();
"""
BACKWARD = """
DROP TRIGGER audit_append_only ON accounts_auditevent;
DROP FUNCTION recto_audit_append_only();
"""


class Migration(migrations.Migration):
    """The database itself refuses to change or delete an audit event."""

    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
