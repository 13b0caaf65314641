import { ApplyError } from "@pgharbor/sql";

/**
 * Where creating fails after a part was made, Pulumi keeps the resource in its state, by an error of this shape: the next
 * update goes on with it, and a program that no longer has it deletes it.
 */
export async function madeInPart(
  { id, outs }: { id: string; outs: object },
  create: () => Promise<unknown>,
): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ApplyError)) throw error;
    throw Object.assign(new Error(error.message), { id, properties: outs, reasons: [error.message] });
  }
}
