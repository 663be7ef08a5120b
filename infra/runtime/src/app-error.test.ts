import { expect, it } from 'vitest';
import { AppError, isAppError } from './app-error.ts';

it('carries its code and cause', () => {
  const cause = new Error('ENOSPC');
  const error = new AppError('log_full', 'The log is full', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'AppError', code: 'log_full', message: 'The log is full', cause });
});

it('is told apart by its code, from other errors and other values', () => {
  const error: unknown = new AppError('log_full', 'The log is full');
  expect(isAppError(error, 'log_full')).toBe(true);
  expect(isAppError(error, 'log_corrupt')).toBe(false);
  expect(isAppError(Object.assign(new Error('x'), { code: 'log_full' }), 'log_full')).toBe(false);
  for (const thrown of [undefined, null, 'log_full', { code: 'log_full' }]) {
    expect(isAppError(thrown, 'log_full')).toBe(false);
  }
});
