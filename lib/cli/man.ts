import { topics } from "../manual/topics.ts";
import type { ManSection } from "../manual/roff.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { didYouMean } from "./nearest.ts";
import { expectNothing, parseOptions } from "./options.ts";
import { printed } from "./print.ts";
import { UsageError } from "./usage_error.ts";
import { version } from "./version.ts";

/** A page that {@link command} prints. */
interface Page {
  readonly name: string;
  readonly section: 1 | 5;
  /** The line of the page's NAME, behind the name. */
  readonly about: string;
  readonly synopsis: string;
  /** Whether all subcommands are in it. */
  readonly hasCommands: boolean;
  /** The chapters of the manual, by their names. */
  readonly chapters: readonly string[];
  readonly seeAlso: string;
}

const pages: readonly Page[] = [
  {
    name: "failover",
    section: 1,
    about: "move a failover address to a server that lives",
    synopsis: "`failover COMMAND [OPTIONS]`",
    hasCommands: true,
    chapters: [
      "commands",
      "install",
      "monitoring",
      "troubleshooting",
      "guarantee",
      "migrating",
      "performance",
    ],
    seeAlso: "`failover.ini`(5), `systemctl`(1), `ip-address`(8)",
  },
  {
    name: "failover.ini",
    section: 5,
    about: "the configuration of a node of failover",
    synopsis: "`/etc/failover.ini`",
    hasCommands: false,
    chapters: ["configuration", "checks", "security"],
    seeAlso: "`failover`(1)",
  },
];

/** `failover man`: prints a man page. */
export const command: Command = {
  help: `failover man [PAGE]

Prints a man page, which man shows: failover, of section 1, or failover.ini, of
section 5. They hold what failover help TOPIC prints, for a machine where man is
at hand.

Examples:
  failover man | man -l -
  failover man > /usr/local/share/man/man1/failover.1
  failover man failover.ini > /usr/local/share/man/man5/failover.ini.5

Exit status: 0 done; 1 it cannot be written; 2 wrong usage.
`,
  async run(args) {
    const [name = "failover", ...more] = parseOptions(args, command.help).rest;
    expectNothing(more);
    const page = pages.find((page) => page.name === name);
    if (page === undefined) {
      const names = pages.map(({ name }) => name);
      throw new UsageError(
        `there is no page ${name}${didYouMean(name, names) || `; there are ${names.join(", ")}`}`,
      );
    }
    const { roff } = await import("../manual/roff.ts");
    return printed(roff({ ...page, version, sections: await sectionsOf(page) }));
  },
};

async function sectionsOf(page: Page): Promise<ManSection[]> {
  const { name, about, synopsis, hasCommands, chapters, seeAlso } = page;
  return [
    { title: "name", markdown: `${name} - ${about}` },
    { title: "synopsis", markdown: synopsis },
    ...hasCommands ? [await usage()] : [],
    ...await Promise.all(topics.filter(({ name }) => chapters.includes(name)).map(chapter)),
    { title: "see also", markdown: seeAlso },
  ];
}

/** The help of all subcommands, as failover help prints it. */
async function usage(): Promise<ManSection> {
  const parts = await Promise.all(commands.map(async ({ name, load }) => {
    return { title: name, text: (await load()).command.help };
  }));
  return { title: "usage", parts };
}

async function chapter({ name, load }: typeof topics[number]): Promise<ManSection> {
  return { title: name, markdown: (await load()).default };
}
