/** Ends this process when the one that started it is gone: a plugin must not outlive an engine that was killed. */
export function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 2000).unref();
}
