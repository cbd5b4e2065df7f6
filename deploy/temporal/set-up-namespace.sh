#!/bin/sh
# Makes the namespace, or raises its retention. The server's port opens before the server answers, so this tries for a minute.
set -eu

tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 2
done
temporal operator namespace update --namespace default --retention 30d ||
  temporal operator namespace create --namespace default --retention 30d
