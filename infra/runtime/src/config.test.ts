import { expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from './app-error.ts';
import { parseConfig } from './config.ts';

const schema = z.object({
  PORT: z.coerce.number().int().min(1).default(8000),
  DATA_DIR: z.string().default('.px'),
  TOKEN: z.string().min(8, 'needs at least 8 characters'),
});

it('gives what is set, and defaults for the rest', () => {
  const env = { PORT: '9000', TOKEN: 'long enough', DATA_DIR: undefined, HOME: '/root' };
  expect(parseConfig(schema, env)).toEqual({ PORT: 9000, DATA_DIR: '.px', TOKEN: 'long enough' });
});

it('takes an empty value for one that is not set', () => {
  expect(parseConfig(schema, { PORT: '', DATA_DIR: '', TOKEN: 'long enough' })).toMatchObject({
    PORT: 8000,
    DATA_DIR: '.px',
  });
});

it('names every mistake at once', () => {
  const parse = (): unknown => parseConfig(schema, { PORT: 'eighty', TOKEN: 'short' });
  expect(parse).toThrow(AppError);
  expect(parse).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: expect.stringMatching(/PORT: .*\n {2}TOKEN: needs at least 8 characters\n.*\.env\.example/),
    }),
  );
});

it('says nothing of the values themselves', () => {
  expect(() => parseConfig(schema, { TOKEN: 'hunter2' })).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
  );
});

it('names what is needed and not set', () => {
  const needed = z.object({ URL: z.string().optional() }).required({ URL: true });
  expect(() => parseConfig(needed, { URL: '' })).toThrow(/URL: must be set/);
  expect(parseConfig(needed, { URL: 'x' })).toEqual({ URL: 'x' });
});
