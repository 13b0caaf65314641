/** An acknowledged write. Times are in milliseconds since the epoch. */
export interface Acknowledgement {
  id: number;
  member: string;
  /** Each promotion begins a new timeline. */
  timeline: number;
  asked: number;
  at: number;
}

/**
 * Returns the writes that were acknowledged while another member led: in a timeline that another member also writes, or
 * in an old timeline although a newer one had already acknowledged a write before this one was sent. Primaries that
 * lead in turn have none.
 */
export function besideAnotherPrimary(writes: readonly Acknowledgement[]): string[] {
  const inOrder = [...writes].sort((a, b) => a.at - b.at);
  return inOrder.flatMap((write) => {
    const other = inOrder.find(
      (one) =>
        (one.timeline === write.timeline && one.member !== write.member) ||
        (one.timeline > write.timeline && one.at < write.asked),
    );
    return other === undefined ? [] : [`${describeWrite(write)} beside ${describeWrite(other)}`];
  });
}

const describeWrite = ({ id, member, timeline }: Acknowledgement): string =>
  `write ${id} by ${member} in timeline ${timeline}`;
