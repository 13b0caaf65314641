import { randomInt } from "node:crypto";
import type { Properties } from "../protocol/values";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = LOWER.toUpperCase();
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface CharacterClass {
  readonly wanted: boolean;
  readonly minimum: number;
  readonly characters: string;
}

export function classesOf(inputs: Properties): CharacterClass[] {
  const digits = inputs.numeric !== false && inputs.number !== false;
  return [
    { wanted: inputs.lower !== false, minimum: Number(inputs.minLower ?? 0), characters: LOWER },
    { wanted: inputs.upper !== false, minimum: Number(inputs.minUpper ?? 0), characters: UPPER },
    { wanted: digits, minimum: Number(inputs.minNumeric ?? 0), characters: DIGITS },
    {
      wanted: inputs.special !== false,
      minimum: Number(inputs.minSpecial ?? 0),
      characters: (inputs.overrideSpecial as string | undefined) || SPECIAL,
    },
  ];
}

/** A string that holds at least the wanted number of each class, every other character drawn from all wanted classes. */
export function randomCharacters(inputs: Properties): string {
  const length = Number(inputs.length);
  const classes = classesOf(inputs);
  const all = classes.flatMap((c) => (c.wanted ? [...c.characters] : [])).join("");
  const drawn = classes.flatMap((c) => draw(c.characters, c.minimum));
  return shuffled([...drawn, ...draw(all, length - drawn.length)]).join("");
}

function draw(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

function shuffled(items: string[]): string[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = randomInt(i + 1);
    [result[i], result[j]] = [result[j] as string, result[i] as string];
  }
  return result;
}
