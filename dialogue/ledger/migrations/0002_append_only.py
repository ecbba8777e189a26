"""The database itself refuses to rewrite the register (UPDATE everywhere, DELETE too on PostgreSQL).

SQLite keeps DELETE: Django's own flush of a test database is a DELETE there, while PostgreSQL truncates.
"""

from django.db import migrations

SQLITE = """CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry
BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"""
POSTGRESQL = """
CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE OR DELETE ON ledger_entry
FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
"""


def forwards(apps, schema_editor):
    schema_editor.execute(SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL)


def backwards(apps, schema_editor):
    schema_editor.execute("DROP TRIGGER ledger_entry_no_update" + ("" if schema_editor.connection.vendor == "sqlite" else " ON ledger_entry"))
    if schema_editor.connection.vendor != "sqlite":
        schema_editor.execute("DROP FUNCTION ledger_append_only()")


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
