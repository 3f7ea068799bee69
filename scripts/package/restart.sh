# A lord stays lord. A node that cannot go on with the new version goes on with the old one.
failover restart --config /etc/failover.ini ||
  echo 'failover: the node still runs the version before; once that is mended: failover restart' >&2
