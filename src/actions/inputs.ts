import type { ActionInput } from '../protocol/wire.ts';
import { ClusterError } from '../util/error.ts';
import type { Inputs, InputValue } from './define-action.ts';

const wrong = (message: string): ClusterError =>
  new ClusterError('invalid', message, { hint: 'Change it and try again; nothing was done.' });

const readValue = (input: ActionInput, value: InputValue): InputValue => {
  switch (input.type) {
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isSafeInteger(number)) return number;
      throw wrong(`${input.label}: a whole number is expected, not "${value}".`);
    }
    case 'boolean':
      if (typeof value === 'boolean') return value;
      if (value === 'true' || value === 'false') return value === 'true';
      throw wrong(`${input.label}: yes or no is expected, not "${value}".`);
    case 'choice': {
      const choices = input.choices ?? [];
      if (choices.includes(String(value))) return String(value);
      throw wrong(`${input.label}: one of ${choices.join(', ')} is expected, not "${value}".`);
    }
    case 'text':
      return String(value);
    default:
      return input.type satisfies never;
  }
};

/** The values an action runs with: those given, checked, over its own; optional ones only where they are given. */
export const readInputs = (inputs: readonly ActionInput[], given: Inputs): Inputs => {
  const unknown = Object.keys(given).find((name) => !inputs.some((input) => input.name === name));
  if (unknown !== undefined) {
    throw wrong(
      `There is no option "${unknown}" here; the options are ${inputs.map(({ name }) => name).join(', ') || 'none'}.`,
    );
  }
  const meant = inputs.filter(({ name, optional }) => optional !== true || given[name] !== undefined);
  return Object.fromEntries(meant.map((input) => [input.name, readValue(input, given[input.name] ?? input.value)]));
};
