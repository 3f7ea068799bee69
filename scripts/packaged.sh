#!/bin/sh
# failover @VERSION@, as its package installs it: a Deno and the program in /usr/lib/failover.

@LAUNCH@

become /usr/lib/failover "$@"
