# sh guard.sh COMMAND ARGUMENTS: becomes the command, and leaves a guardian beside it. The guardian ends the command once
# whoever started it is gone, because a process that was killed cannot stop its children itself.
#
# File descriptor 3 is a pipe from the starter, who says in lines:
#   PID     of a process that was started later, and that ends before the command
#   ended   the command has ended, and there is nothing left to guard
# The pipe's end without that word says that the starter is gone.

(
  # A signal to the whole group must not take the guardian away before its work is done.
  trap '' HUP INT QUIT TERM

  later=
  while read -r said <&3; do
    if [ "$said" = ended ]; then exit; fi
    later="$later $said"
  done

  # A process that has ended is no more than a name until its new parent asks after it, which may take seconds.
  is_alive() {
    kill -0 "$1" || return 1
    if [ -r "/proc/$1/stat" ] && read -r state <"/proc/$1/stat"; then
      case $state in *') Z '*) return 1 ;; esac
    fi
  }

  # In fifths of a second. Everything is over in less than ten seconds.
  waited=0
  wait_a_little() {
    sleep 0.2
    waited=$((waited + 1))
  }
  for pid in $later; do
    while [ $waited -lt 20 ] && is_alive "$pid"; do wait_a_little; done
  done
  kill -TERM $$
  while [ $waited -lt 40 ] && is_alive $$; do
    if [ $waited -ge 35 ]; then kill -KILL $$; fi
    wait_a_little
  done
) </dev/null >/dev/null 2>&1 &

exec "$@" 3<&-
