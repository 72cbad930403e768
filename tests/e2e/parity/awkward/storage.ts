import { ago, type Family, specs } from './awkward.ts';

const betaClass = { annotations: { 'volume.beta.kubernetes.io/storage-class': 'old-class' } };

const claim = (more: object = {}) => ({
  accessModes: ['ReadWriteOnce'],
  resources: { requests: { storage: '5Gi' } },
  storageClassName: 'parity-none',
  ...more,
});

const bound = (storage: string, ...accessModes: readonly string[]) => ({
  phase: 'Bound',
  accessModes,
  capacity: { storage },
});

const claims: Family = {
  resource: 'persistentvolumeclaims',
  objects: () =>
    specs({
      pending: { spec: claim() },
      'without-a-class': { spec: claim({ storageClassName: '' }) },
      'old-annotation': { spec: claim({ storageClassName: undefined }), metadata: betaClass },
      bound: {
        spec: claim({ volumeName: 'some-volume', volumeMode: 'Block' }),
        status: bound('5Gi', 'ReadWriteOncePod', 'ReadWriteMany', 'ReadWriteOnce', 'ReadOnlyMany'),
      },
      'odd-capacity': { spec: claim({ volumeName: 'some-volume' }), status: bound('1500Mi', 'ReadWriteOnce') },
      'capacity-unknown': { spec: claim({ volumeName: 'some-volume' }), status: { phase: 'Bound' } },
      lost: { spec: claim({ volumeName: 'gone' }), status: { phase: 'Lost' } },
      'resize-failed': {
        spec: claim({ volumeName: 'some-volume' }),
        status: { ...bound('5Gi'), conditions: [{ type: 'NodeResizeError', status: 'True' }] },
      },
      terminating: { spec: claim(), deleted: true },
    }),
};

const volume = (more: object = {}) => ({
  capacity: { storage: '10Gi' },
  accessModes: ['ReadWriteOnce'],
  csi: { driver: 'test.example.com', volumeHandle: 'v' },
  ...more,
});

const volumes: Family = {
  resource: 'persistentvolumes',
  objects: (namespace) =>
    specs({
      plain: { spec: volume() },
      retained: {
        spec: volume({ persistentVolumeReclaimPolicy: 'Retain', storageClassName: 'fast', volumeMode: 'Block' }),
        status: { phase: 'Available' },
      },
      'old-annotation': { spec: volume({ storageClassName: 'ignored' }), metadata: betaClass },
      modes: {
        spec: volume({
          accessModes: ['ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOnce'],
          capacity: { storage: '1.5Ti' },
        }),
      },
      released: {
        spec: volume({
          persistentVolumeReclaimPolicy: 'Retain',
          claimRef: { namespace, name: 'gone', uid: '00000000-0000-0000-0000-000000000001' },
        }),
        status: { phase: 'Released' },
      },
      failed: {
        spec: volume({ volumeAttributesClassName: 'gold', storageClassName: 'x' }),
        status: { phase: 'Failed', reason: 'DeleteFailed', message: 'no such driver' },
      },
      terminating: { spec: volume(), deleted: true },
    }),
};

const provisioner = 'test.example.com/none';

const defaultClass = { annotations: { 'storageclass.beta.kubernetes.io/is-default-class': 'true' } };

const storageClasses: Family = {
  resource: 'storageclasses.storage.k8s.io',
  objects: () => [
    { name: 'plain', body: { provisioner } },
    {
      name: 'everything',
      body: {
        provisioner,
        reclaimPolicy: 'Retain',
        volumeBindingMode: 'WaitForFirstConsumer',
        allowVolumeExpansion: true,
      },
    },
    { name: 'default', body: { provisioner, allowVolumeExpansion: false }, metadata: defaultClass },
  ],
};

const attachment = (nodeName: string) => ({
  attacher: 'test.example.com',
  nodeName,
  source: { persistentVolumeName: 'some-volume' },
});

const volumeAttachments: Family = {
  resource: 'volumeattachments.storage.k8s.io',
  objects: () =>
    specs({
      attached: { spec: attachment('n1'), status: { attached: true } },
      waiting: { spec: attachment('n2') },
      failed: {
        spec: attachment('n3'),
        status: { attached: false, attachError: { time: ago(60), message: 'no such volume' } },
      },
      detaching: { spec: attachment('n4'), status: { attached: true }, deleted: true },
    }),
};

const csiDrivers: Family = {
  resource: 'csidrivers.storage.k8s.io',
  objects: () =>
    specs({
      plain: { spec: {} },
      everything: {
        spec: {
          attachRequired: false,
          podInfoOnMount: true,
          storageCapacity: true,
          requiresRepublish: true,
          tokenRequests: [{ audience: 'https://one.example.com' }, { audience: '' }],
          volumeLifecycleModes: ['Persistent', 'Ephemeral'],
        },
      },
    }),
};

const driver = (name: string) => ({ name, nodeID: 'n', topologyKeys: [] });

const csiNodes: Family = {
  resource: 'csinodes.storage.k8s.io',
  objects: () =>
    specs({
      'no-drivers': { spec: { drivers: [] } },
      'two-drivers': { spec: { drivers: [driver('a.example.com'), driver('b.example.com')] } },
    }),
};

export const storageFamilies: readonly Family[] = [
  claims,
  volumes,
  storageClasses,
  volumeAttachments,
  csiDrivers,
  csiNodes,
];
