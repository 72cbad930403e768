/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { appsDeployment } from './apps-deployment.generated.ts';
import { appsReplicaSet } from './apps-replicaset.generated.ts';
import { coreEvent } from './core-event.generated.ts';
import { coreNamespace } from './core-namespace.generated.ts';
import { coreNode } from './core-node.generated.ts';
import { corePod } from './core-pod.generated.ts';
import { coreService } from './core-service.generated.ts';
import { eventsEvent } from './events-event.generated.ts';
import type { Plan } from './plan.ts';

/** By group/version/kind. */
export const plans: ReadonlyMap<string, Plan> = new Map([
  ['apps/v1/Deployment', appsDeployment],
  ['apps/v1/ReplicaSet', appsReplicaSet],
  ['/v1/Event', coreEvent],
  ['/v1/Namespace', coreNamespace],
  ['/v1/Node', coreNode],
  ['/v1/Pod', corePod],
  ['/v1/Service', coreService],
  ['events.k8s.io/v1/Event', eventsEvent],
]);
