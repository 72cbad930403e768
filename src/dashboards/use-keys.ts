import { type Key as InkKey, useInput } from 'ink';
import { useState } from 'react';

/** A key by name (`up`, `return`, `escape`, `pagedown`…) or, for text, by the character itself. */
export type Key = { readonly name: string; readonly text: string; readonly ctrl: boolean };

const names = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'return'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
] as const;

const toKey = (input: string, key: InkKey): Key => {
  const named = names.find(([flag]) => key[flag]);
  if (named !== undefined) return { name: named[1], text: '', ctrl: key.ctrl };
  return { name: input, text: key.ctrl || key.meta ? '' : input, ctrl: key.ctrl };
};

/**
 * `useInput`, guarded: a throw inside it would be nobody's and end the worker with every dashboard in it. What a
 * handler throws comes back as a sentence to show, until a key works again.
 */
export const useKeys = (handle: (key: Key) => void): string | undefined => {
  const [problem, setProblem] = useState<string>();
  useInput((input, inkKey) => {
    const key = toKey(input, inkKey);
    try {
      handle(key);
      setProblem(undefined);
    } catch (error) {
      setProblem(
        `The key ${JSON.stringify(key.name)} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  });
  return problem;
};
