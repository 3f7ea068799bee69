# The part of a launcher that both forms of the program share: it makes the environment safe, and
# knows how to become the program.

# The program takes these two as soon as it runs. Until then each would end it; the commands that it
# starts get them as usual.
trap '' USR1 USR2

# An environment may be empty, and no PATH may decide what runs here.
path_was_set=${PATH+yes}
path=${PATH-}
PATH=/usr/bin:/bin

# A supervisor that runs on Node.js may have handed on its channel; a program that holds it open and
# never speaks would be waited for.
case ${NODE_CHANNEL_FD-} in
  [3-9]) eval "exec $NODE_CHANNEL_FD>&-" ;;
esac

# Deno's own variables, and those that it takes over from Node.js, could change what runs.
newline='
'
variables=$(export -p)
case $variables in
  *DENO_* | *NODE_* | *OTEL_*)
    IFS=$newline
    set -f
    for variable in $variables; do
      variable=${variable%%=*}
      variable=${variable##* }
      case $variable in
        *[!A-Za-z0-9_]*) ;;
        DENO_* | NODE_* | OTEL_*) unset "$variable" ;;
      esac
    done
    set +f
    unset IFS
    ;;
esac

case $0 in
  /*) self=$0 ;;
  *) self=$PWD/${0#./} ;;
esac

# One arena for all threads, and memory of its own for each piece from 30000 bytes on.
tunables=glibc.malloc.arena_max=1:glibc.malloc.mmap_threshold=30000

# Becomes the program in the folder $1, with the other arguments. DENO_DIR keeps compiled code.
become() {
  program=$1
  shift
  # Deno would read ~/.npmrc, and end where that is wrong. glibc would keep the pieces of 32 KiB that
  # V8 compiles in, for each thread its own. The program sets both variables right again.
  export DENO_DIR="@COMPILED@" DENO_DISABLE_NODE_SHIM=1 DENO_NO_PACKAGE_JSON=1 \
    DENO_NO_UPDATE_CHECK=1 FAILOVER_BOOT="$boot" FAILOVER_HOME="${HOME+=$HOME}" HOME="$program" \
    FAILOVER_TUNABLES="${GLIBC_TUNABLES+=$GLIBC_TUNABLES}" \
    GLIBC_TUNABLES="$tunables${GLIBC_TUNABLES:+:$GLIBC_TUNABLES}"
  if [ -n "$path_was_set" ]; then PATH=$path; else unset PATH; fi
  exec "$program/failover" run --quiet --no-config --no-lock --no-npm --no-remote @OPTIONS@ \
    "$program/main.js" "$self" "$@"
}

# The id of this boot, which Deno lets no program read: a child that asks for it takes a start longer.
boot_id=/proc/sys/kernel/random/boot_id
boot=
[ -r "$boot_id" ] && read -r boot < "$boot_id"
