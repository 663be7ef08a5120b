/** When the next batch of a partition may be cut though it is not full. */
export interface BatchTurn {
  isHere: boolean;
  /** Resolves once it is here. */
  readonly came: Promise<void>;
}

/** The turn of who stores one batch before it gathers the next. */
export const presentTurn: BatchTurn = { isHere: true, came: Promise.resolve() };

/** Gives the turn that comes when the batch before is done, stored or not. */
export function toBatchTurn(before: Promise<unknown>): BatchTurn {
  const come = (): void => {
    turn.isHere = true;
  };
  const turn: BatchTurn = { isHere: false, came: before.then(come, come) };
  return turn;
}
