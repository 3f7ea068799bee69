import fc from "fast-check";
import { standBackKinds } from "../../lib/base/stand_back_kind.ts";
import type { Aside } from "../../lib/legion/aside.ts";

const word = (maxLength: number) => fc.stringMatching(new RegExp(`^[!-~]{1,${maxLength}}$`));

/** Any aside that says something, its kinds in their order. */
export const anyAside: fc.Arbitrary<Aside> = fc.record<Aside>({
  version: fc.oneof(fc.constant(""), word(32)),
  back: fc.subarray([...standBackKinds]),
  sight: fc.record({
    ip: fc.oneof(fc.ipV4(), fc.ipV6(), word(64)),
    where: fc.option(word(64).filter((where) => where !== "-"), { nil: null }),
    ageSeconds: fc.integer({ min: 0, max: 999_999_999 }),
  }),
}, { requiredKeys: ["version", "back"] })
  .filter(({ version, back, sight }) => version !== "" || back.length > 0 || sight !== undefined);
