/**
 * A refresh sets this where it finds a degraded part of the cluster: the next `up` repairs it or waits for it. It is no input, so an
 * update removes it.
 */
export interface MaybeUnsettled {
  unsettled?: true;
}

/** A marked resource is a change, even where the program has none. */
export const isMarked = (outputs: object): boolean => (outputs as MaybeUnsettled).unsettled === true;

export function markedAs<Outputs extends object>(props: Outputs, settled: boolean): Outputs {
  const { unsettled: _, ...rest } = props as Outputs & MaybeUnsettled;
  return (settled ? rest : { ...rest, unsettled: true }) as Outputs;
}
