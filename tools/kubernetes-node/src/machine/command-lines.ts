import { readdir, readFile } from "node:fs/promises";

/** Lists every process of this machine with the words of its command line. Kernel threads have none. */
export async function commandLines(): Promise<{ pid: number; words: string[] }[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => {
      // The process has ended meanwhile.
      const text = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return { pid: Number(pid), words: text.split("\0") };
    }),
  );
}
