#!/bin/sh
# Brings Temporal's two databases to the version of this image; makes them where there are none. Repeatable.
set -eu

set_up() { # DATABASE SCHEMA
  sql="temporal-sql-tool --plugin postgres12 --ep postgresql -p 5432 -u temporal --db $1"
  migrate="$sql update-schema -d /etc/temporal/schema/postgresql/v12/$2/versioned"
  $migrate && return
  echo "$1 is not there yet: making it"
  $sql create
  $sql setup-schema -v 0.0
  $migrate
}

set_up temporal temporal
set_up temporal_visibility visibility
