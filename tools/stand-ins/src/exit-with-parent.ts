/** Ends this process when its parent has ended, so that a plugin does not outlive an engine that was killed. */
export function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 2000).unref();
}
