/** Written by src/tools/gen-kinds.ts from the files of this folder. */
import type { AnyKind } from '../define-kind.ts';
import apiservices from './apiservices.ts';
import certificatesigningrequests from './certificatesigningrequests.ts';
import clusterrolebindings from './clusterrolebindings.ts';
import cronjobs from './cronjobs.ts';
import csidrivers from './csidrivers.ts';
import csinodes from './csinodes.ts';
import daemonsets from './daemonsets.ts';
import deployments from './deployments.ts';
import endpoints from './endpoints.ts';
import endpointslices from './endpointslices.ts';
import events from './events.ts';
import horizontalpodautoscalers from './horizontalpodautoscalers.ts';
import ingressclasses from './ingressclasses.ts';
import ingresses from './ingresses.ts';
import jobs from './jobs.ts';
import leases from './leases.ts';
import mutatingwebhookconfigurations from './mutatingwebhookconfigurations.ts';
import namespaces from './namespaces.ts';
import networkpolicies from './networkpolicies.ts';
import nodes from './nodes.ts';
import persistentvolumeclaims from './persistentvolumeclaims.ts';
import persistentvolumes from './persistentvolumes.ts';
import poddisruptionbudgets from './poddisruptionbudgets.ts';
import pods from './pods.ts';
import priorityclasses from './priorityclasses.ts';
import replicasets from './replicasets.ts';
import replicationcontrollers from './replicationcontrollers.ts';
import resourcequotas from './resourcequotas.ts';
import rolebindings from './rolebindings.ts';
import runtimeclasses from './runtimeclasses.ts';
import serviceaccounts from './serviceaccounts.ts';
import services from './services.ts';
import statefulsets from './statefulsets.ts';
import storageclasses from './storageclasses.ts';
import validatingwebhookconfigurations from './validatingwebhookconfigurations.ts';
import volumeattachments from './volumeattachments.ts';

export const kinds: readonly AnyKind[] = [
  apiservices,
  certificatesigningrequests,
  clusterrolebindings,
  cronjobs,
  csidrivers,
  csinodes,
  daemonsets,
  deployments,
  endpoints,
  endpointslices,
  events,
  horizontalpodautoscalers,
  ingressclasses,
  ingresses,
  jobs,
  leases,
  mutatingwebhookconfigurations,
  namespaces,
  networkpolicies,
  nodes,
  persistentvolumeclaims,
  persistentvolumes,
  poddisruptionbudgets,
  pods,
  priorityclasses,
  replicasets,
  replicationcontrollers,
  resourcequotas,
  rolebindings,
  runtimeclasses,
  serviceaccounts,
  services,
  statefulsets,
  storageclasses,
  validatingwebhookconfigurations,
  volumeattachments,
];
