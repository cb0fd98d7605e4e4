"""What the role of a service may do in its database, and must not: asked of the server, whoever gave the right."""

from collections.abc import Mapping

import asyncpg

ASK = """
-- Of the role of this connection, and of those that it may become.
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS administers,
       has_schema_privilege('public', 'CREATE') OR has_database_privilege(current_database(), 'CREATE')
       OR EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
                  AND pg_has_role(relowner, 'MEMBER')) AS alters,
       coalesce(has_table_privilege(to_regclass('public.journal'), 'UPDATE, DELETE, TRUNCATE'), false)
       OR coalesce(has_table_privilege(to_regclass('public.access_record'), 'UPDATE, DELETE, TRUNCATE'), false)
       AS rewrites
FROM pg_roles WHERE rolname = current_user
"""
TOO_MUCH: Mapping[str, str] = {
    "administers": "is a superuser, or may make roles or databases: run the service as a role of its own",
    "alters": "owns tables of the service, or may make some: let another role own them (HUDDLE_MIGRATE_URL)",
    "rewrites": "may change or delete what is kept as proof (journal, access_record): let the owner migrate, which "
    "says what it may (HUDDLE_MIGRATE_URL)",
}
"""By the column of the answer, what is wrong with the role."""


async def too_much(database_url: str) -> list[str]:
    """A sentence for each right that a running service must not have."""
    connection = await asyncpg.connect(database_url)
    try:
        may = await connection.fetchrow(ASK)
        return [f"HUDDLE_DATABASE_URL: its role {says}" for name, says in TOO_MUCH.items() if may[name]]
    finally:
        await connection.close()


async def is_open_to_all(database_url: str) -> bool:
    """May every role of the server connect to this database?"""
    connection = await asyncpg.connect(database_url)
    try:
        return bool(
            await connection.fetchval(
                "SELECT has_database_privilege('public', current_database(), 'CONNECT')"
            )
        )
    finally:
        await connection.close()
