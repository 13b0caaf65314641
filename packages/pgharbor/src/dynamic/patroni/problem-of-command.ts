import { execAt } from "../../clients/location";

/** Runs a program as `execAt` does. @returns what went wrong, in its own words, where that is nothing to fail for */
export async function problemOfCommand(...command: Parameters<typeof execAt>): Promise<string | undefined> {
  try {
    const { code, stderr } = await execAt(...command);
    return code === 0 ? undefined : stderr.trim();
  } catch (error) {
    return (error as Error).message;
  }
}
