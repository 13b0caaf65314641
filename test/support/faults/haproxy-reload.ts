const LIBRARY = "/usr/local/lib/pgharbor";

/** Runs a shell script in a container of HAProxy, and returns its output. */
type Shell = (script: string) => Promise<string>;

/** Reloads HAProxy, as a changed service, a new certificate and a new member do. */
export async function reloadHaproxy(shell: Shell): Promise<void> {
  await shell(`. ${LIBRARY}/common.sh; . ${LIBRARY}/program.sh; reload_haproxy`);
}

/** Counts the workers that remain from before a reload, with their sessions. */
export async function formerWorkers(shell: Shell): Promise<number> {
  const show = "printf 'show proc\\n' | socat - UNIX-CONNECT:/run/pgharbor/haproxy/master.sock";
  const [, former = ""] = (await shell(show)).split("# old workers\n");
  return former.split("\n").filter((line) => /^\d+\s+worker/.test(line)).length;
}
