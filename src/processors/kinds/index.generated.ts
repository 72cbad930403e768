/** Written by src/tools/gen-kinds.ts from the files of this folder. */
import type { AnyKind } from '../define-kind.ts';
import deployments from './deployments.ts';
import events from './events.ts';
import namespaces from './namespaces.ts';
import nodes from './nodes.ts';
import pods from './pods.ts';
import replicasets from './replicasets.ts';
import services from './services.ts';

export const kinds: readonly AnyKind[] = [
  deployments,
  events,
  namespaces,
  nodes,
  pods,
  replicasets,
  services,
];
