import { ApplyError } from "@pgharbor/sql";

/**
 * If a creation fails after a part was created, an error of this shape makes Pulumi keep the resource in the state. The
 * next update continues the creation, and a program without the resource deletes it.
 */
export async function keepPartial(
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
