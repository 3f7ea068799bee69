import fc from "fast-check";

/** Random text in which characters that could harm a terminal are as frequent as others. */
export const hostileText: fc.Arbitrary<string> = fc.array(fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
  fc.integer({ min: 0, max: 0xa0 }).map((unit) => String.fromCharCode(unit)),
  fc.integer({ min: 0x2000, max: 0x2070 }).map((unit) => String.fromCharCode(unit)),
  fc.string({ unit: "grapheme" }),
)).map((parts) => parts.join(""));

/** A peer's name with one harmful character of each kind. */
export const hostileName = "evil\0\n\u001b[2J\u007f\u009b2J\u2028\u202e\u061c";

/** The same name as it is to be shown to people. */
export const shownName = "evil\\u0000\\u000a\\u001b[2J\\u007f\\u009b2J\\u2028\\u202e\\u061c";

/** The characters in a text that no terminal may get, by a list: the program goes by properties. */
export function harmIn(text: string): string[] {
  const units = [...text].filter((character) => {
    const unit = character.codePointAt(0)!;
    return unit < 0x20 || (unit >= 0x7f && unit <= 0x9f) || unit === 0x61c || unit === 0x200e ||
      unit === 0x200f || unit === 0x2028 || unit === 0x2029 ||
      (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069) ||
      (unit >= 0xd800 && unit <= 0xdfff);
  });
  return units.map((character) => `U+${character.codePointAt(0)!.toString(16)}`);
}
