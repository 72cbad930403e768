import { expect, test } from 'vitest';
import { connectionOf } from '../../../src/command/connection.ts';

const of = (line: string) => connectionOf(line.split(' '));

test.each<[string, object]>([
  ['delete pod x --context=prod', { context: 'prod', overrides: false, sure: true }],
  ['--context prod delete pod x --context dev', { context: 'dev', overrides: false }],
  ['delete pod x', { context: '', overrides: false }],
  ['delete pod x --kubeconfig /k', { kubeconfig: '/k', overrides: true }],
  ['delete pod x --server=https://a', { server: 'https://a', overrides: true }],
  ['delete pod x -s https://a', { server: 'https://a', overrides: true }],
  ['delete pod x -shttps://a', { server: 'https://a', overrides: true }],
  ['delete pod x --cluster c --context=prod', { context: 'prod', cluster: 'c', overrides: true }],
  ['delete pod x --user admin', { overrides: true }],
  ['delete pod x --as admin', { overrides: true }],
  ['delete pod x --token=t', { overrides: true }],
  ['delete pod x --client-certificate /c --client-key /k', { overrides: true, sure: true }],
  ['delete pod x --tls-server-name other', { overrides: true }],
  ['create rolebinding x --clusterrole=view --user=jane', { overrides: false, sure: true }],
  ['set subject rolebinding x --user=jane', { overrides: false }],
  // What is behind `--` is of the program in the container.
  ['exec x -- kubectl --context=prod --server=https://a', { context: '', overrides: false, sure: true }],
])('%s', (line, connection) => expect(of(line)).toMatchObject(connection));

test.each<[string, boolean]>([
  // kubectl takes `--context=dev` for the manager.
  ['label pod x a=b --field-manager --context=dev', false],
  ['label pod x a=b --field-manager=me --context=dev', true],
  ['label pod x a=b --field-manager me --context=dev', true],
  ['drain n --force --ignore-daemonsets --context dev', true],
  ['drain n --some-new-flag -s https://a', false],
  // Switches in one word, the last of which takes the address.
  ['apply -f x -Rs https://a', false],
  ['delete pod x -is=https://a', false],
  ['exec x -it -nshop -- sh -es', true],
])('%s is understood for sure: %s', (line, sure) => expect(of(line).sure).toBe(sure));
