import { randomInt } from "node:crypto";

const ADVERBS =
  "boldly calmly duly early fairly gently hugely keenly lively mainly neatly oddly partly quickly rarely safely truly vastly".split(
    " ",
  );
const ADJECTIVES =
  "amber brave clever daring eager fair glad happy immune jolly kind loyal merry noble open proud quiet ready sharp true upright vital warm".split(
    " ",
  );
const ANIMALS =
  "ant bear crab dove eel fox goat hare ibis jay koala lynx mole newt otter puma quail ram seal toad urchin vole wren yak zebra".split(
    " ",
  );

/** An animal, an adjective before it, and adverbs before that: as many words as asked. */
export function petName(length: number): string[] {
  const pick = (words: string[]) => words[randomInt(words.length)] as string;
  const adverbs = Array.from({ length: Math.max(0, length - 2) }, () => pick(ADVERBS));
  return [...adverbs, ...(length > 1 ? [pick(ADJECTIVES)] : []), pick(ANIMALS)];
}
