import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** The first executable of that name on PATH. */
export const findProgram = async (name: string, path: string): Promise<string | undefined> => {
  const candidates = isAbsolute(name)
    ? [name]
    : path.split(delimiter).flatMap((directory) => (directory === '' ? [] : [join(directory, name)]));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  return undefined;
};
