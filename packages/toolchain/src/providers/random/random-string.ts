import type { CheckFailure, InputSpec, ResourceType } from "../protocol/resource-type";
import { UNKNOWN, type Properties } from "../protocol/values";
import { classesOf, randomCharacters } from "./characters";

const flag: InputSpec = { type: "boolean", replaces: true, computed: true, otherwise: true };
/** Two names of one thing, of which the program gives at most one: neither has a default of its own. */
const digits: InputSpec = { type: "boolean", replaces: true, computed: true };
const minimum: InputSpec = { type: "number", replaces: true, computed: true, otherwise: 0 };

/** The inputs that RandomPassword and RandomString share. */
const inputs: { [name: string]: InputSpec } = {
  keepers: { type: "map", replaces: true },
  length: { type: "number", required: true, replaces: true },
  lower: flag,
  upper: flag,
  number: digits,
  numeric: digits,
  special: flag,
  minLower: minimum,
  minUpper: minimum,
  minNumeric: minimum,
  minSpecial: minimum,
  overrideSpecial: { type: "string", replaces: true },
};

function check(given: Properties): CheckFailure[] {
  if (Object.values(given).includes(UNKNOWN)) return [];
  const classes = classesOf(given);
  const least = Math.max(
    1,
    classes.reduce((sum, c) => sum + c.minimum, 0),
  );
  const failures: CheckFailure[] = [];
  if (Number(given.length) < least) {
    const reason = `must be at least ${least} (1, and the sum of minLower, minUpper, minNumeric and minSpecial), got ${String(given.length)}`;
    failures.push({ property: "length", reason });
  }
  if (!classes.some((c) => c.wanted)) {
    failures.push({ property: "special", reason: "at least one of lower, upper, numeric and special must be true" });
  }
  return failures;
}

/** `numeric` replaced `number`: the official provider keeps both in step. */
function withBothNames(given: Properties): Properties {
  const wanted = given.numeric !== false && given.number !== false;
  return { ...given, number: wanted, numeric: wanted };
}

function plan(planned: Properties): Properties {
  const known = (value: Properties[string] | undefined) => (value === UNKNOWN ? {} : { value });
  const given = {
    ...planned,
    numeric: known(planned.numeric).value ?? true,
    number: known(planned.number).value ?? true,
  };
  return withBothNames(given);
}

function imported(result: string): Properties {
  return withBothNames({ length: result.length, lower: true, upper: true, special: true, result });
}

export const randomString: ResourceType = {
  inputs,
  outputs: { result: {} },
  check,
  plan,
  create: (given) => {
    const result = randomCharacters(given);
    return Promise.resolve({ id: result, outputs: { ...withBothNames(given), result } });
  },
  read: (id, state) => Promise.resolve(state.result === undefined ? imported(id) : state),
};

export const randomPassword: ResourceType = {
  inputs,
  outputs: { result: { secret: true }, bcryptHash: { secret: true } },
  check,
  plan,
  // The official provider's id is this constant too: an id is shown everywhere, so it cannot be the password.
  create: async (given) => ({ id: "none", outputs: await password(withBothNames(given), randomCharacters(given)) }),
  read: async (id, state) => (state.result === undefined ? password(imported(id), id) : state),
};

async function password(state: Properties, result: string): Promise<Properties> {
  const { hash } = await import("bcryptjs");
  // bcrypt reads 72 bytes and no more.
  const bcryptHash = await hash(Buffer.from(result, "utf8").subarray(0, 72).toString("utf8"), 10);
  return { ...state, result, bcryptHash };
}
