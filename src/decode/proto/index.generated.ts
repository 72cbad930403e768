/** Written by src/tools/gen-proto.ts from the published protobuf schemas; see there. */
import { admissionregistrationMutatingWebhookConfiguration } from './admissionregistration-mutatingwebhookconfiguration.generated.ts';
import { admissionregistrationValidatingWebhookConfiguration } from './admissionregistration-validatingwebhookconfiguration.generated.ts';
import { appsDaemonSet } from './apps-daemonset.generated.ts';
import { appsDeployment } from './apps-deployment.generated.ts';
import { appsReplicaSet } from './apps-replicaset.generated.ts';
import { appsStatefulSet } from './apps-statefulset.generated.ts';
import { autoscalingHorizontalPodAutoscaler } from './autoscaling-horizontalpodautoscaler.generated.ts';
import { batchCronJob } from './batch-cronjob.generated.ts';
import { batchJob } from './batch-job.generated.ts';
import { certificatesCertificateSigningRequest } from './certificates-certificatesigningrequest.generated.ts';
import { coordinationLease } from './coordination-lease.generated.ts';
import { coreEndpoints } from './core-endpoints.generated.ts';
import { coreEvent } from './core-event.generated.ts';
import { coreNamespace } from './core-namespace.generated.ts';
import { coreNode } from './core-node.generated.ts';
import { corePersistentVolume } from './core-persistentvolume.generated.ts';
import { corePersistentVolumeClaim } from './core-persistentvolumeclaim.generated.ts';
import { corePod } from './core-pod.generated.ts';
import { coreReplicationController } from './core-replicationcontroller.generated.ts';
import { coreResourceQuota } from './core-resourcequota.generated.ts';
import { coreService } from './core-service.generated.ts';
import { coreServiceAccount } from './core-serviceaccount.generated.ts';
import { discoveryEndpointSlice } from './discovery-endpointslice.generated.ts';
import { eventsEvent } from './events-event.generated.ts';
import { networkingIngress } from './networking-ingress.generated.ts';
import { networkingIngressClass } from './networking-ingressclass.generated.ts';
import { networkingNetworkPolicy } from './networking-networkpolicy.generated.ts';
import { nodeRuntimeClass } from './node-runtimeclass.generated.ts';
import { policyPodDisruptionBudget } from './policy-poddisruptionbudget.generated.ts';
import { rbacClusterRoleBinding } from './rbac-clusterrolebinding.generated.ts';
import { rbacRoleBinding } from './rbac-rolebinding.generated.ts';
import { schedulingPriorityClass } from './scheduling-priorityclass.generated.ts';
import { storageCSIDriver } from './storage-csidriver.generated.ts';
import { storageCSINode } from './storage-csinode.generated.ts';
import { storageStorageClass } from './storage-storageclass.generated.ts';
import { storageVolumeAttachment } from './storage-volumeattachment.generated.ts';
import type { Plan } from './plan.ts';

/** By group/version/kind. */
export const plans: ReadonlyMap<string, Plan> = new Map([
  ['admissionregistration.k8s.io/v1/MutatingWebhookConfiguration', admissionregistrationMutatingWebhookConfiguration],
  ['admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', admissionregistrationValidatingWebhookConfiguration],
  ['apps/v1/DaemonSet', appsDaemonSet],
  ['apps/v1/Deployment', appsDeployment],
  ['apps/v1/ReplicaSet', appsReplicaSet],
  ['apps/v1/StatefulSet', appsStatefulSet],
  ['autoscaling/v2/HorizontalPodAutoscaler', autoscalingHorizontalPodAutoscaler],
  ['batch/v1/CronJob', batchCronJob],
  ['batch/v1/Job', batchJob],
  ['certificates.k8s.io/v1/CertificateSigningRequest', certificatesCertificateSigningRequest],
  ['coordination.k8s.io/v1/Lease', coordinationLease],
  ['/v1/Endpoints', coreEndpoints],
  ['/v1/Event', coreEvent],
  ['/v1/Namespace', coreNamespace],
  ['/v1/Node', coreNode],
  ['/v1/PersistentVolume', corePersistentVolume],
  ['/v1/PersistentVolumeClaim', corePersistentVolumeClaim],
  ['/v1/Pod', corePod],
  ['/v1/ReplicationController', coreReplicationController],
  ['/v1/ResourceQuota', coreResourceQuota],
  ['/v1/Service', coreService],
  ['/v1/ServiceAccount', coreServiceAccount],
  ['discovery.k8s.io/v1/EndpointSlice', discoveryEndpointSlice],
  ['events.k8s.io/v1/Event', eventsEvent],
  ['networking.k8s.io/v1/Ingress', networkingIngress],
  ['networking.k8s.io/v1/IngressClass', networkingIngressClass],
  ['networking.k8s.io/v1/NetworkPolicy', networkingNetworkPolicy],
  ['node.k8s.io/v1/RuntimeClass', nodeRuntimeClass],
  ['policy/v1/PodDisruptionBudget', policyPodDisruptionBudget],
  ['rbac.authorization.k8s.io/v1/ClusterRoleBinding', rbacClusterRoleBinding],
  ['rbac.authorization.k8s.io/v1/RoleBinding', rbacRoleBinding],
  ['scheduling.k8s.io/v1/PriorityClass', schedulingPriorityClass],
  ['storage.k8s.io/v1/CSIDriver', storageCSIDriver],
  ['storage.k8s.io/v1/CSINode', storageCSINode],
  ['storage.k8s.io/v1/StorageClass', storageStorageClass],
  ['storage.k8s.io/v1/VolumeAttachment', storageVolumeAttachment],
]);
