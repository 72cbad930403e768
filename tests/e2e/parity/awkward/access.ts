import { type Awkward, ago, type Family } from './awkward.ts';

const group = 'rbac.authorization.k8s.io';

const subjects = [
  { apiGroup: group, kind: 'User', name: 'jane' },
  { apiGroup: group, kind: 'User', name: 'https://issuer.example.com#joe' },
  { apiGroup: group, kind: 'Group', name: 'system:masters-of-nothing' },
  { kind: 'ServiceAccount', namespace: 'shop', name: 'robot' },
  { kind: 'ServiceAccount', namespace: 'default', name: 'default' },
];

const roleRef = (kind: string) => ({ apiGroup: group, kind, name: 'nobody-made-this' });

const bindings = (resource: string, kind: string): Family => ({
  resource,
  objects: () => [
    { name: 'nobody', body: { roleRef: roleRef(kind) } },
    { name: 'one', body: { roleRef: roleRef('ClusterRole'), subjects: subjects.slice(0, 1) } },
    { name: 'all', body: { roleRef: roleRef(kind), subjects } },
  ],
});

const webhook = (name: string, clientConfig: object, failurePolicy = 'Ignore') => ({
  name: `${name}.example.com`,
  clientConfig,
  failurePolicy,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  // Nothing of the run is of this group.
  rules: [{ apiGroups: ['none.example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['things'] }],
});

const service = (name: string) => ({ service: { namespace: 'default', name, path: '/' } });

const webhooks = (resource: string): Family => ({
  resource,
  objects: () => [
    { name: 'none', body: { webhooks: [] } },
    { name: 'service', body: { webhooks: [webhook('a', service('one')), webhook('b', service('one'), 'Fail')] } },
    {
      name: 'mixed',
      body: { webhooks: [webhook('a', service('one')), webhook('b', { url: 'https://x.example.com' })] },
    },
  ],
});

/** A request and a certificate made for this test: the server reads both. */
export const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlITU1ITUNBUUF3RVRFUE1BMEdBMVVFQXd3R2NHRnlhWFI1TUZrd0V3WUhLb1pJemowQ0FRWUlLb1pJemowRApBUWNEUWdBRWpuNVVabjI3S3NrMjB2aFpnVkxEd2JUYkh4cXhvNExSY0NGdXlUU3BzNFVXMWUyWjNmdGh1VWUzCkJiRzk4Y05CT0luaVBhdHNYZzBSOWNSQ3dodTlzYUFBTUFvR0NDcUdTTTQ5QkFNQ0Ewa0FNRVlDSVFDR3BHZE8KR09Eb2I2T2tpNjNsbTJDT1F6QW9EWVFoc21HSCs3QjRGZVBsU0FJaEFQSkJaUXd5Ti9zNHRNWTRIWDFHS1JUZQorSFNPa1lXcS9oSnFEOE5Ya29UMgotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K';
const certificate =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUJIakNCeFFJVUpYekVRWUdkZGVYZ3J3c3RvaHlhdnFFdlNZUXdDZ1lJS29aSXpqMEVBd0l3RVRFUE1BMEcKQTFVRUF3d0djR0Z5YVhSNU1DQVhEVEkyTVRFeU1URXhOVFF3TWxvWUR6SXhNall4TURJNE1URTFOREF5V2pBUgpNUTh3RFFZRFZRUUREQVp3WVhKcGRIa3dXVEFUQmdjcWhrak9QUUlCQmdncWhrak9QUU1CQndOQ0FBU09mbFJtCmZic3F5VGJTK0ZtQlVzUEJ0TnNmR3JHamd0RndJVzdKTkttemhSYlY3Wm5kKzJHNVI3Y0ZzYjN4dzBFNGllSTkKcTJ4ZURSSDF4RUxDRzcyeE1Bb0dDQ3FHU000OUJBTUNBMGdBTUVVQ0lIbTNSZy81RHZDYTlLQjlTejBJYXFYbQpWLzNuZ0FDT0lFSGVvNFJCT0xWNkFpRUE1VHR3cFB0TnpNWWJvbXM4TE5KL1lTMlhYS2dqeE9WY2k2bFhnWGJ4CjBEcz0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=';

const signing = (name: string, more: Omit<Awkward, 'name' | 'body'> = {}, spec: object = {}): Awkward => ({
  name,
  body: { spec: { request, signerName: 'test.example.com/parity', usages: ['client auth'], ...spec } },
  ...more,
});

const decision = (type: string) => ({ type, status: 'True', reason: 'Tested', lastUpdateTime: ago(5) });

const decided = (type: string) => ({ status: { conditions: [decision(type)] } });

const signingRequests: Family = {
  resource: 'certificatesigningrequests.certificates.k8s.io',
  objects: () => [
    signing('pending'),
    signing('for-a-day', {}, { expirationSeconds: 86_400 }),
    signing('approved', { decided: decided('Approved') }, { expirationSeconds: 5400 }),
    signing('denied', { decided: decided('Denied') }),
    signing('issued', { decided: decided('Approved'), status: { certificate } }),
    signing('failed', {
      decided: decided('Approved'),
      status: { conditions: [decision('Approved'), decision('Failed')] },
    }),
  ],
};

export const accessFamilies: readonly Family[] = [
  bindings(`rolebindings.${group}`, 'Role'),
  bindings(`clusterrolebindings.${group}`, 'ClusterRole'),
  webhooks('validatingwebhookconfigurations.admissionregistration.k8s.io'),
  webhooks('mutatingwebhookconfigurations.admissionregistration.k8s.io'),
  signingRequests,
];
