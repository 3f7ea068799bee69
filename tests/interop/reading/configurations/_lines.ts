// The lines of which configurations are made.
/** The node that uWSGI announces itself to, and the pace. */
export const hear = "legion-node = one HEAR\nlegion-freq = 1\n";
/** Hooks that say which surroundings they run in. */
export const hooks = `legion-setup = one cmd:sh DIR/say setup end
legion-join = one cmd:sh DIR/say join end
legion-lord = one cmd:sh DIR/say lord end
`;
/** The own line of the legion. */
export const own = "legion = one OWN 7 aes-256-cbc:secret\n";
/** All lines that it takes. */
export const all = `${own}${hear}${hooks}`;

/** A file with all that it takes, and more. */
export const whole = (more = "", before = "") => ({
  "main.ini": `[uwsgi]\n${before}${all}${more}`,
});
/** A file whose own line is another. */
export const mine = (line: string) => ({ "main.ini": `[uwsgi]\n${line}\n${hear}${hooks}` });
