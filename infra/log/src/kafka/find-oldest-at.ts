/**
 * Gives when the oldest record at or after the given positions was sent (epoch ms), where Kafka tells only which position came first at
 * or after an instant: the instants are halved until it stands to the millisecond, about 30 questions for a day. `isBefore` says
 * whether one of those records was sent before an instant; `now` where none was.
 */
export async function findOldestAt(now: number, isBefore: (instant: number) => Promise<boolean>): Promise<number> {
  if (!(await isBefore(now))) return now;
  let stepMs = 1_000;
  let late = now;
  let early = now - stepMs;
  while (await isBefore(early)) {
    if (early <= 0) return 0;
    late = early;
    stepMs *= 4;
    early = Math.max(0, now - stepMs);
  }
  // Sent at `early` or later, and before `late`.
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (await isBefore(middle)) late = middle;
    else early = middle;
  }
  return early;
}
