import { toBoundedMs } from '../row-data.ts';
import type { ByteSink } from './byte-sink.ts';
import { refuseValue } from './refuse-value.ts';

/** Gives a whole number of these bounds; throws `store_refused_rows` for another one. */
export function toWhole(value: number, least: number, most: number): number {
  const isHeld = Number.isInteger(value) && value >= least && value <= most;
  return isHeld ? value + 0 : refuseValue(`whole number from ${least} to ${most}`, value);
}

/** Writes an instant (epoch ms); what DateTime64(3) can't hold is set to its nearer end, and what is none is refused. */
export function writeInstant(sink: ByteSink, at: number): void {
  sink.int64(Number.isNaN(at) ? refuseValue('DateTime64(3)', at) : toBoundedMs(at));
}

/** Writes a number of 32 bits, or that there is none; throws `store_refused_rows` for what is not finite. */
export function writeNullableFloat32(sink: ByteSink, value: number | null): void {
  sink.uint8(value === null ? 1 : 0);
  if (value !== null) writeFloat32(sink, value);
}

/** Writes a number of 32 bits, -0 as 0 as JSON has it; throws `store_refused_rows` for what is not finite. */
export function writeFloat32(sink: ByteSink, value: number): void {
  sink.float32(Number.isFinite(value) ? value + 0 : refuseValue('Float32', value));
}
