import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Environment, Kubeconfig } from './kubeconfig.ts';

/**
 * A value of KUBECONFIG under which `namespace` is the default of `context`. kubectl's `--namespace` would refuse
 * manifests that name another namespace; a default does not. kubectl lets the first definition of a context win, so a
 * small file before the user's own does it; it holds names only, no credentials. The user's files are not touched.
 */
export const withNamespace = async (
  config: Kubeconfig,
  context: string,
  namespace: string,
  env: Environment,
): Promise<string> => {
  const { cluster, user } = config.contexts.get(context) ?? { cluster: '', user: '' };
  const text = JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    contexts: [{ name: context, context: { cluster, user, namespace } }],
  });
  const folder = join(env.XDG_RUNTIME_DIR || tmpdir(), `kubectl-live-${userInfo().uid}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${createHash('sha256').update(text).digest('hex').slice(0, 16)}.json`);
  await writeFile(file, text, { mode: 0o600 });
  return [file, config.variable].join(delimiter);
};
