import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { AppError } from '@px-platform/runtime';

/**
 * Gives the text that a file of the data folder holds, made and written (mode 0600) where there is none.
 * Written beside and renamed, so that a kill leaves all of it or nothing. Throws `data_dir_unusable`.
 */
export function readOrMakeSecret(path: string, make: () => string): string {
  try {
    if (existsSync(path)) {
      const text = readFileSync(path, 'utf8').trim();
      if (text !== '') return text;
    }
    const text = make();
    writeFileSync(`${path}.new`, `${text}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
    return text;
  } catch (cause) {
    throw new AppError(
      'data_dir_unusable',
      `${path} can't be read or written: check the owner and mode of its folder`,
      {
        cause,
      },
    );
  }
}
