/** A call that waits: method, arguments, epoch ms of the call. */
export type HeldCall = readonly [method: string, args: readonly unknown[], at: number];
