# What is made here is for all users to read.
umask 022
systemd-sysusers failover.conf

# Compiled code of another version, or another Deno, would only be in the way. The folder is root's:
# who could write to it would run code as root.
rm -rf /var/cache/failover
mkdir -p /var/cache/failover
failover node --help > /dev/null
