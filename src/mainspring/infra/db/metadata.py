"""The one metadata on which every ``store/tables.py`` declares its tables.

Migrations are written by hand; these declarations serve queries, and a test compares them with the
migrated database so that the two cannot drift. Constraint names follow the pattern below, by the
first column; a migration spells the same names out, and a second constraint that begins with the
same column is named by hand.
"""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
