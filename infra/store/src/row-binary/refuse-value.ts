import { AppError } from '@px-platform/runtime';

/** Says that a value is none of its column's type, with `store_refused_rows`. */
export function refuseValue(type: string, value: unknown): never {
  const text = typeof value === 'string' ? JSON.stringify(value.slice(0, 100)) : String(value);
  throw new AppError('store_refused_rows', `A column of type ${type} can't hold ${text}.`);
}
