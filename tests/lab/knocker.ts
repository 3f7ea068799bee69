// Knocks at an address each 20 ms, where a closed port answers at once, and prints when no answer has
// come within a second. At SIGTERM it prints the number of answers and ends.
const [hostname] = Deno.args;
const everyMs = 20;
const patienceMs = 1_000;
let answers = 0;

Deno.addSignalListener("SIGTERM", () => {
  console.log(`${answers} answers`);
  Deno.exit(0);
});
console.log("knocking");
setInterval(() => knock().catch((error) => console.log(`lost: ${error.message}`)), everyMs);

async function knock(): Promise<void> {
  try {
    const signal = AbortSignal.timeout(patienceMs);
    (await Deno.connect({ hostname, port: 9, signal })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) throw error;
  }
  answers++;
}
