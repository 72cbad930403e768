/** Written by src/tools/gen-kinds.ts from the files of this folder. */
import type { AnyKind } from '../define-kind.ts';
import apiservicesEntry from './apiservices.ts';
import certificatesigningrequestsEntry from './certificatesigningrequests.ts';
import clusterrolebindingsEntry from './clusterrolebindings.ts';
import cronjobsEntry from './cronjobs.ts';
import csidriversEntry from './csidrivers.ts';
import csinodesEntry from './csinodes.ts';
import daemonsetsEntry from './daemonsets.ts';
import deploymentsEntry from './deployments.ts';
import endpointsEntry from './endpoints.ts';
import endpointslicesEntry from './endpointslices.ts';
import eventsEntry from './events.ts';
import horizontalpodautoscalersEntry from './horizontalpodautoscalers.ts';
import ingressclassesEntry from './ingressclasses.ts';
import ingressesEntry from './ingresses.ts';
import jobsEntry from './jobs.ts';
import leasesEntry from './leases.ts';
import mutatingwebhookconfigurationsEntry from './mutatingwebhookconfigurations.ts';
import namespacesEntry from './namespaces.ts';
import networkpoliciesEntry from './networkpolicies.ts';
import nodesEntry from './nodes.ts';
import persistentvolumeclaimsEntry from './persistentvolumeclaims.ts';
import persistentvolumesEntry from './persistentvolumes.ts';
import poddisruptionbudgetsEntry from './poddisruptionbudgets.ts';
import podsEntry from './pods.ts';
import priorityclassesEntry from './priorityclasses.ts';
import replicasetsEntry from './replicasets.ts';
import replicationcontrollersEntry from './replicationcontrollers.ts';
import resourcequotasEntry from './resourcequotas.ts';
import rolebindingsEntry from './rolebindings.ts';
import runtimeclassesEntry from './runtimeclasses.ts';
import serviceaccountsEntry from './serviceaccounts.ts';
import servicesEntry from './services.ts';
import statefulsetsEntry from './statefulsets.ts';
import storageclassesEntry from './storageclasses.ts';
import validatingwebhookconfigurationsEntry from './validatingwebhookconfigurations.ts';
import volumeattachmentsEntry from './volumeattachments.ts';

export const kinds: readonly AnyKind[] = [
  apiservicesEntry,
  certificatesigningrequestsEntry,
  clusterrolebindingsEntry,
  cronjobsEntry,
  csidriversEntry,
  csinodesEntry,
  daemonsetsEntry,
  deploymentsEntry,
  endpointsEntry,
  endpointslicesEntry,
  eventsEntry,
  horizontalpodautoscalersEntry,
  ingressclassesEntry,
  ingressesEntry,
  jobsEntry,
  leasesEntry,
  mutatingwebhookconfigurationsEntry,
  namespacesEntry,
  networkpoliciesEntry,
  nodesEntry,
  persistentvolumeclaimsEntry,
  persistentvolumesEntry,
  poddisruptionbudgetsEntry,
  podsEntry,
  priorityclassesEntry,
  replicasetsEntry,
  replicationcontrollersEntry,
  resourcequotasEntry,
  rolebindingsEntry,
  runtimeclassesEntry,
  serviceaccountsEntry,
  servicesEntry,
  statefulsetsEntry,
  storageclassesEntry,
  validatingwebhookconfigurationsEntry,
  volumeattachmentsEntry,
];
