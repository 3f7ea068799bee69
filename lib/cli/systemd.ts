import type { Command } from "./command.ts";
import { defaultConfig } from "./default_config.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printed } from "./print.ts";
import { isPackaged, packagedPath } from "./self.ts";

const usualPath = "/usr/local/bin/failover";

/** The unit that runs a node under systemd; `scripts/failover.service` is the same. */
export const unit = unitText(usualPath);

/**
 * The unit for the program that runs: that of the package is not started before there is a
 * configuration, and its program is unpacked already.
 */
export function ownUnit(): string {
  return unitText(ownPath());
}

/** The drop-in that gives the unit, be it the package's, what an action `address:` needs. */
export function addressDropIn(): string {
  return `# What an action "address:" needs beside the unit of failover. This belongs into
# /etc/systemd/system/failover.service.d/address.conf

[Service]
# The right to have addresses (CAP_NET_ADMIN), and to tell the neighbours of them (CAP_NET_RAW,
# AF_PACKET); nothing else of the machine. Hooks and checks have these rights, too.
CapabilityBoundingSet=CAP_NET_ADMIN CAP_NET_RAW
AmbientCapabilities=CAP_NET_ADMIN CAP_NET_RAW
RestrictAddressFamilies=AF_PACKET
# After a crash no address stays behind; a restart keeps it as long as the lease lasts.
ExecStopPost=${ownPath()} node --config ${defaultConfig} --remove-addresses
`;
}

function ownPath(): string {
  return isPackaged() ? packagedPath : usualPath;
}

function unitText(program: string): string {
  const isPackaged = program === packagedPath;
  const condition = isPackaged
    ? `# The package starts the node as soon as it is installed; until then it says nothing.
ConditionPathExists=${defaultConfig}
`
    : "";
  const cache = isPackaged
    ? ""
    : `# The executable may have to unpack itself: its folder belongs to the user above, so it cannot be
# /var/cache/failover, which is for what root runs.
CacheDirectory=failover-node
Environment=FAILOVER_CACHE_DIR=/var/cache/failover-node
`;
  return `# A node of failover under systemd.
# Settings of your own go into a drop-in: systemctl edit failover

[Unit]
Description=IP failover: a node of a legion
Wants=network-online.target
# Until its address is there a node only waits for it.
After=network-online.target
# A node that systemd has given up on takes no address over: it is started again for ever.
StartLimitIntervalSec=0
${condition}
[Service]
# The node says when it listens, and in "systemctl status" what it is in each legion.
Type=notify
NotifyAccess=main
ExecStart=${program} node --config ${defaultConfig}

# systemctl reload failover: the configuration is read anew, and a lord stays lord. The log says
# what needs a restart.
ExecReload=/bin/kill -HUP $MAINPID

# A node that hangs says nothing: after so long it is ended, and started again.
WatchdogSec=15
# However a node ends, the next process comes at once: a lord that is back in time is lord again. A
# start that fails waits before it ends, up to 5 s.
Restart=always
RestartSec=100ms
# 2: the configuration is wrong, and would be the next time.
RestartPreventExitStatus=2
# 75: failover restart. That is no failure, and a restart whatever a drop-in says of Restart=.
SuccessExitStatus=75
RestartForceExitStatus=75

# A lord that announces itself too late is no lord: where processors are short a node comes first,
# among the services (CPUWeight=) and where these are not told apart (Nice=). Where memory is short
# it goes last. Its hooks and checks inherit the latter two, and may be killed without it.
CPUWeight=1000
Nice=-5
OOMScoreAdjust=-900
OOMPolicy=continue

# At a stop only the node gets SIGTERM: its death hooks are still to run. Each has the
# legion-hook-timeout of 300 s; raise this with it, or where more than one takes so long.
KillMode=mixed
TimeoutStopSec=330

# This user must be able to read the configuration and the files that it names, also at a reload:
# chown failover /etc/failover.*; chmod 600 /etc/failover.*
# Who is in the group may ask for the status, and is to read no secrets: usermod -aG failover nagios
User=failover
Group=failover

# The API's password need not stand in the configuration. In /etc/credstore/failover-password, with
# mode 600 and root as its owner, only the node gets it; in the configuration write
#   password_file=/run/credentials/failover.service/failover-password
# Where there is no such file nothing is passed on. A new password needs a restart.
LoadCredential=failover-password

# In /run/failover are the sockets by which commands find the node, and the notes by which the next
# process goes on as the same node, so it is kept while none runs; /var/lib/failover tells that the
# machine was booted since.
RuntimeDirectory=failover
RuntimeDirectoryPreserve=yes
StateDirectory=failover
${cache}
# A node needs the network and nothing else of the machine. The same holds for its hooks and checks:
# the files are read-only for them, and what needs more needs a drop-in. That for "address:" is
# printed by failover systemd --address. For "ip address add" in a hook, say:
#   CapabilityBoundingSet=CAP_NET_ADMIN
#   AmbientCapabilities=CAP_NET_ADMIN
CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# By AF_NETLINK a node that listens on all addresses (legion = NAME :2000 ...) learns which of the
# listed ones is its own.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
# MemoryDenyWriteExecute cannot be set: V8 compiles JavaScript into memory that it then runs.
# A dump of the memory would hold the secrets.
LimitCORE=0
UMask=0077

[Install]
WantedBy=multi-user.target
`;
}

/** `failover systemd` */
export const command: Command = {
  help: `failover systemd [OPTIONS]

Prints a unit for systemd, with which it runs /usr/local/bin/failover on
${defaultConfig} as the user failover. Who is in the group failover may ask for
the status, and may give no orders.

  --address                print a drop-in for the unit instead, be it the
                           package's: the rights that an action address: needs,
                           and the removal of its addresses after a crash

Examples:
  failover systemd > /etc/systemd/system/failover.service
  useradd --system --home-dir / --shell /usr/sbin/nologin failover
  chown failover /etc/failover.ini /etc/failover.secret /etc/failover.password
  chmod 600 /etc/failover.ini /etc/failover.secret /etc/failover.password
  systemctl daemon-reload
  systemctl enable --now failover
  systemctl reload failover
  usermod -aG failover nagios

  mkdir -p /etc/systemd/system/failover.service.d
  cd /etc/systemd/system/failover.service.d
  failover systemd --address > address.conf
  systemctl daemon-reload && failover restart

Exit status: 0 done; 1 it cannot be written; 2 wrong usage.
`,
  run(args) {
    const options = parseOptions(args, command.help);
    expectNothing(options.rest);
    return Promise.resolve(printed(options.flag("address") ? addressDropIn() : ownUnit()));
  },
};
