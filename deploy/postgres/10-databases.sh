#!/bin/bash
# One database and two roles for each service, which may use no other: one owns the schema and migrates, one runs. One
# database of patients' keys, and the role that owns it: who else comes in, it says itself (cli.preparing). Names and
# passwords are those of the services' own secrets: postgresql://<role>:<password>@<server>/<database>[?<options>]
set -euo pipefail

apply() { # <secret>: its role, password and database go to the statements of standard input
  local url; url=$(< "$1")
  [[ $url =~ ^postgresql://([a-z_]+):([^@]+)@[^/]+/([a-z_]+)(\?.*)?$ ]] || { echo "$1 is not a database URL" >&2; exit 1; }
  local password; printf -v password '%b' "${BASH_REMATCH[2]//\%/\\x}" # as in every URL, %40 is @
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
    --set role="${BASH_REMATCH[1]}" --set password="$password" --set database="${BASH_REMATCH[3]}"
}

secrets=${SECRETS:-/run/secrets}
for secret in "$secrets"/*_migrate_url; do
  apply "$secret" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"role";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
SQL
done
for secret in "$secrets"/*_database_url; do
  apply "$secret" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE :"database" TO :"role";
SQL
done
