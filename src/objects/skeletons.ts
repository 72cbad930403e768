/**
 * How a new object of the kinds people write most begins: the least that works, with values to put in. What is after
 * `metadata`, in YAML; NAME is replaced by the object's name. Other kinds begin with what their schema requires.
 */

const template = (indent: string, restart = ''): string =>
  [
    'template:',
    '  metadata:',
    '    labels:',
    '      app: NAME',
    '  spec:',
    ...(restart === '' ? [] : [`    restartPolicy: ${restart}`]),
    '    containers:',
    '    - name: main',
    '      image: ""',
  ]
    .map((line) => `${indent}${line}`)
    .join('\n');

const selector = '  selector:\n    matchLabels:\n      app: NAME';

export const skeletons: Readonly<Record<string, string>> = {
  '/ConfigMap': 'data:\n  key: value',
  '/Secret': 'type: Opaque\nstringData:\n  key: value',
  '/Pod': 'spec:\n  containers:\n  - name: main\n    image: ""',
  '/Service': 'spec:\n  selector:\n    app: NAME\n  ports:\n  - port: 80\n    targetPort: 80',
  '/ServiceAccount': '',
  '/Namespace': '',
  '/PersistentVolumeClaim': 'spec:\n  accessModes:\n  - ReadWriteOnce\n  resources:\n    requests:\n      storage: 1Gi',
  'apps/Deployment': `spec:\n  replicas: 1\n${selector}\n${template('  ')}`,
  'apps/StatefulSet': `spec:\n  serviceName: NAME\n  replicas: 1\n${selector}\n${template('  ')}`,
  'apps/DaemonSet': `spec:\n${selector}\n${template('  ')}`,
  'batch/Job': `spec:\n${template('  ', 'Never')}`,
  'batch/CronJob': `spec:\n  schedule: "0 3 * * *"\n  jobTemplate:\n    spec:\n${template('      ', 'Never')}`,
  'networking.k8s.io/Ingress': `spec:
  rules:
  - host: NAME.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: NAME
            port:
              number: 80`,
  'networking.k8s.io/NetworkPolicy': 'spec:\n  podSelector: {}\n  policyTypes:\n  - Ingress',
  'autoscaling/HorizontalPodAutoscaler': `spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: NAME
  minReplicas: 1
  maxReplicas: 3
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 80`,
  'policy/PodDisruptionBudget': 'spec:\n  maxUnavailable: 1\n  selector:\n    matchLabels:\n      app: NAME',
  'rbac.authorization.k8s.io/Role': 'rules:\n- apiGroups: [""]\n  resources: [pods]\n  verbs: [get, list, watch]',
  'rbac.authorization.k8s.io/ClusterRole':
    'rules:\n- apiGroups: [""]\n  resources: [pods]\n  verbs: [get, list, watch]',
  'rbac.authorization.k8s.io/RoleBinding': `roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
- kind: ServiceAccount
  name: NAME
  namespace: NAMESPACE`,
  'rbac.authorization.k8s.io/ClusterRoleBinding': `roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
subjects:
- kind: ServiceAccount
  name: NAME
  namespace: default`,
};
