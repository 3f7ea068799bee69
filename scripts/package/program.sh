#!/bin/sh
# failover @VERSION@, as its package installs it: a Deno and the program in @PROGRAM@.

@LAUNCH@

become @PROGRAM@ "$@"
