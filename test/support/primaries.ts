/** A write that a member acknowledged. Moments are milliseconds since the epoch. */
export interface Acknowledgement {
  id: number;
  member: string;
  /** Each promotion begins one. */
  timeline: number;
  asked: number;
  at: number;
}

/**
 * Writes that were acknowledged where somebody else led: in a timeline that another member writes too, or in an old one, though
 * a newer had been acknowledged before this one was asked for. A primary that takes turns with others has none.
 */
export function besideAnotherPrimary(writes: readonly Acknowledgement[]): string[] {
  const inOrder = [...writes].sort((a, b) => a.at - b.at);
  return inOrder.flatMap((write) => {
    const other = inOrder.find(
      (one) =>
        (one.timeline === write.timeline && one.member !== write.member) ||
        (one.timeline > write.timeline && one.at < write.asked),
    );
    return other === undefined ? [] : [`${said(write)} beside ${said(other)}`];
  });
}

const said = ({ id, member, timeline }: Acknowledgement): string => `write ${id} by ${member} in timeline ${timeline}`;
