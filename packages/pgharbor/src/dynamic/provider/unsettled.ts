/**
 * Set by a refresh that finds a part of the cluster not as it should be: the next `up` brings it back, or waits for it. No input:
 * an update takes it away.
 */
export interface MaybeUnsettled {
  unsettled?: true;
}

/** Marked by a refresh, it is a change, whatever the program says. */
export const isMarked = (outputs: object): boolean => (outputs as MaybeUnsettled).unsettled === true;

export function markedAs<Outputs extends object>(props: Outputs, settled: boolean): Outputs {
  const { unsettled: _, ...rest } = props as Outputs & MaybeUnsettled;
  return (settled ? rest : { ...rest, unsettled: true }) as Outputs;
}
