#!/bin/bash
# One database and one role for each service, which may use no other. Names and passwords are those of the services'
# own secrets: postgresql://<role>:<password>@postgres:5432/<database>
set -euo pipefail

for secret in /run/secrets/*_database_url; do
  url=$(< "$secret")
  [[ $url =~ ^postgresql://([a-z_]+):([^@]+)@[^/]+/([a-z_]+)$ ]] || { echo "$secret is not a database URL" >&2; exit 1; }
  psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres \
    --set role="${BASH_REMATCH[1]}" --set password="${BASH_REMATCH[2]}" --set database="${BASH_REMATCH[3]}" <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"database" OWNER :"role";
REVOKE CONNECT ON DATABASE :"database" FROM PUBLIC;
SQL
done
