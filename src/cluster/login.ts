import { isAbsolute } from 'node:path';
import { ClusterError } from '../util/error.ts';
import type { ResolvedContext } from './kubeconfig.ts';

/** Files a login depends on: when one of them changes, a login that failed may succeed. */
export const loginFiles = ({ cluster, user }: ResolvedContext): readonly string[] => {
  const named = [
    cluster.caFile,
    user.tokenFile,
    user.certFile,
    user.keyFile,
    user.exec?.command,
    user.authProvider?.config['idp-certificate-authority'],
  ];
  // A bare command is found on PATH, wherever that is.
  return [...new Set(named.filter((path) => path !== undefined && isAbsolute(path)))] as readonly string[];
};

/** A login that runs a program or asks a provider, which may ask somebody. */
export const runsProgram = ({ user }: ResolvedContext): boolean =>
  user.exec !== undefined || user.authProvider !== undefined;

/** The cause of a plugin that was ended because it waited for somebody, or that was not there to be run. */
const causeOf = ({ cause }: ClusterError): 'waited' | 'missing' | undefined => {
  if (cause instanceof ClusterError) return cause.code === 'timeout' ? 'waited' : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'missing' : undefined;
};

/**
 * Whether a login that failed may be tried again with nobody asking for it. A plugin may open a browser or ask for a
 * second factor: it is run by itself only where its kubeconfig says that it never asks (`interactiveMode: Never`), and
 * where it did not wait for somebody the last time.
 */
export const triesAlone = ({ user: { exec } }: ResolvedContext, failure: ClusterError): boolean => {
  // What is written down wrongly stays so until somebody corrects it.
  if (!['unauthorized', 'unreachable', 'timeout', 'throttled'].includes(failure.code)) return false;
  if (exec === undefined) return true;
  const cause = causeOf(failure);
  return cause === 'missing' || (exec.interactiveMode === 'Never' && cause !== 'waited');
};
