#!/bin/sh
# failover @VERSION@ for @TARGET@, the portable form: this script, and packed behind it a Deno and
# the program. The first start unpacks them into a cache folder; each start checks what is there,
# and becomes that Deno.

# The SHA-256 of the list of the files' SHA-256, and the byte that the packed files begin at.
id=@ID@
payload=@PAYLOAD@
# The name of the record in the cache; with a suffix, of each folder that was unpacked to.
own=portable-@SHORT@

@LAUNCH@

uid=$(LC_ALL=C exec id -u)

# Every reason why a folder was not used.
reasons=
because() {
  reasons="$reasons$newline  $cache: $1"
  return 1
}

sha256() {
  if command -v sha256sum > /dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# Lists the folder $cache, the one above it, and the files of the folder $1 in it, if it is given:
# user, mode, size and date, in the same words whatever the environment says. Each start waits for
# this, so one process does it all.
list() {
  cd "$cache" 2> /dev/null || exit 1
  unset BLOCKSIZE BLOCK_SIZE LS_BLOCK_SIZE POSIXLY_CORRECT QUOTING_STYLE TIME_STYLE
  LC_ALL=C TZ=UTC0 exec ls -lnd . .. ${1:+"$1/failover" "$1/SHA256SUMS" "$1"/*.js} 2> /dev/null
}

# The sums of the small files of the folder $1 of the cache. Reading a whole Deno at each start would
# take long.
sums() {
  cd "$cache/$1" 2> /dev/null || exit 1
  LC_ALL=C exec cksum ./*.js
}

# Looks at the folder $cache: $record is what was noted when the program in it was checked, its first
# line the name of the program's folder, $name, and the rest what is to be found there; $folders and
# $files is what is there.
look() {
  name= record=
  [ -f "$cache/$own" ] && [ -r "$cache/$own" ] &&
    record=$(LC_ALL=C exec cat "$cache/$own" 2> /dev/null)
  case ${record%%"$newline"*} in
    "$own".??????) name=${record%%"$newline"*} ;;
  esac
  files=$(list "$name")
  folders=${files%%"$newline"*}
  files=${files#*"$newline"}
  folders="$folders ${files%%"$newline"*}"
  files=${files#*"$newline"}
}

# Whether nobody else may change what is in the folder $cache.
safe() {
  # Mode, links, user, group, size, three of the date, name: of the folder, and of the one above.
  # shellcheck disable=SC2086
  set -- $folders
  case $1:$3 in
    d????-??-?*:"$uid") ;;
    *)
      because 'belongs to another user, or others may write to it'
      return 1
      ;;
  esac
  case ${10}:${12} in
    d????-??-?*:0 | d????????[tT]*:0 | d???????-?*:"$uid" | d????????[tT]*:"$uid") ;;
    *)
      because 'others may write to the folder it is in'
      return 1
      ;;
  esac
}

# Whether the cache holds the program as it was when it was checked.
ready() {
  [ -n "$name" ] && [ "$files$newline$(sums "$name")" = "${record#*"$newline"}" ]
}

# Unpacks into a folder of its own, and only what is right gets its name into the record: two that
# start at once do not meet, and what a start has found stays where it is. Prints what went wrong.
unpack() {
  umask 077
  unset GZIP POSIXLY_CORRECT TAR_OPTIONS
  new=$(mktemp -d "$cache/$own.XXXXXX" 2>&1) || {
    echo "$new"
    exit 1
  }
  trap 'rm -rf "$new" "$new.record"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  problem=$({ tail -c "+$payload" "$self" | gzip -dc | (cd "$new" && tar -xof -); } 2>&1)
  (cd "$new" && [ "$(sha256 SHA256SUMS)" = "$id  SHA256SUMS" ] && sha256 -c SHA256SUMS) \
    > /dev/null 2>&1 || {
    echo "what is unpacked there is not what was packed: ${problem%%"$newline"*}"
    exit 1
  }
  "$new/failover" --version > /dev/null 2>&1 || {
    echo "a program does not run from there: is it mounted noexec? It is made for @TARGET@"
    exit 1
  }
  # All of a node is compiled here, once: the first node would hold on to what that takes.
  (become "$new" node --help) > /dev/null 2>&1
  # A start at the same time may have been faster.
  look
  ! ready || exit 0
  new_name=${new##*/}
  { echo "$new_name" && (list "$new_name") | tail -n +3 && (sums "$new_name"); } > "$new.record" &&
    mv -f "$new.record" "$cache/$own" || {
    echo 'cannot be written to'
    exit 1
  }
  trap - EXIT
  [ -z "$name" ] || rm -rf "${cache:?}/$name"
  # Removes leftovers of more than a day: other versions, and interrupted starts. A process that
  # still runs from there has all it needs.
  find "$cache"/portable-* -prune -mtime +0 ! -name "$own" ! -name "${new##*/}" \
    -exec rm -rf {} + > /dev/null 2>&1
  exit 0
}

# Whether the program is ready in the folder $1, or could be made so.
use() {
  cache=$1
  [ -d "$cache" ] || (umask 077 && mkdir -p "$cache") 2> /dev/null || {
    because 'cannot be made'
    return 1
  }
  [ ! -L "$cache" ] || {
    because 'is a symbolic link'
    return 1
  }
  look
  safe || return 1
  ready && return
  problem=$(unpack < /dev/null) && look && ready || because "$problem"
}

find_place() {
  if [ -n "${FAILOVER_CACHE_DIR-}" ]; then
    use "$FAILOVER_CACHE_DIR"
    return
  fi
  # A program run by root must not depend on the environment of the user who started it.
  if [ "$uid" = 0 ]; then
    use /var/cache/failover && return
  else
    if [ -n "${XDG_CACHE_HOME-}" ]; then use "$XDG_CACHE_HOME/failover" && return; fi
    if [ -d "${HOME-}" ]; then use "$HOME/.cache/failover" && return; fi
  fi
  use "${TMPDIR:-/tmp}/failover-$uid"
}

case ${FAILOVER_CACHE_DIR:-/} in
  /*) ;;
  *)
    echo "failover: FAILOVER_CACHE_DIR must be an absolute path, not $FAILOVER_CACHE_DIR" >&2
    exit 1
    ;;
esac
find_place || {
  echo "failover: nowhere to unpack to; set FAILOVER_CACHE_DIR to a folder of your own:$reasons" >&2
  exit 1
}
become "$cache/$name" "$@"
