import { execAt } from "../../clients/location";

/** Runs a program like `execAt`, where a failure is no error. @returns the message of a failure */
export async function problemOfCommand(...command: Parameters<typeof execAt>): Promise<string | undefined> {
  try {
    const { code, stderr } = await execAt(...command);
    return code === 0 ? undefined : stderr.trim();
  } catch (error) {
    return (error as Error).message;
  }
}
