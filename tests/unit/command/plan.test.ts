import { expect, test } from 'vitest';
import { planCommand } from '../../../src/command/plan.ts';

const plan = (line: string, more: { kubectl?: string | undefined; namespaces?: readonly string[] } = {}) =>
  planCommand({
    args: line.split(' ').filter(Boolean),
    context: 'prod',
    namespaces: more.namespaces ?? ['shop'],
    kubeconfig: '/k',
    bootstrap: ['/bin/node', '/plugin/bootstrap.cjs'],
    kubectl: 'kubectl' in more ? more.kubectl : '/bin/kubectl',
  });

test.each([
  ['get pods', { resource: 'pods' }],
  ['get po -A', { resource: 'po', namespaces: [] }],
  ['get deploy -n a,b -l app=x', { resource: 'deploy', namespaces: ['a', 'b'], selector: 'app=x' }],
  ['get -nshop pods -owide', { resource: 'pods', namespaces: ['shop'], wide: true }],
  ['get pods a b', { resource: 'pods', names: ['a', 'b'] }],
  [
    'get pods --context=other --field-selector status.phase=Running',
    { resource: 'pods', context: 'other', fieldSelector: 'status.phase=Running' },
  ],
  [
    'get pods -L app,example.com/team -Lzone --show-labels',
    {
      resource: 'pods',
      columns: [
        { title: 'APP', label: 'app' },
        { title: 'TEAM', label: 'example.com/team' },
        { title: 'ZONE', label: 'zone' },
        { title: 'LABELS', labels: true },
      ],
    },
  ],
  [
    'get po -o custom-columns=NAME:.metadata.name,HOST:{spec.nodeName}',
    {
      resource: 'po',
      only: true,
      columns: [
        { title: 'NAME', jsonpath: '.metadata.name' },
        { title: 'HOST', jsonpath: '{spec.nodeName}' },
      ],
    },
  ],
])('%s opens a live table', (line, query) => {
  expect(plan(line)).toEqual({ do: 'table', queries: [{ context: 'prod', ...query }] });
});

test('several kinds and TYPE/NAME become several tables', () => {
  expect(plan('get pods,svc')).toMatchObject({ queries: [{ resource: 'pods' }, { resource: 'svc' }] });
  expect(plan('get pod/a svc/b pod/c')).toMatchObject({
    queries: [
      { resource: 'pod', names: ['a', 'c'] },
      { resource: 'svc', names: ['b'] },
    ],
  });
});

test.each([
  ['get pods -o yaml'],
  ['get pods --sort-by=.metadata.name'],
  ['get all'],
  ['explain pods'],
  ['get --raw /healthz'],
])('%s is left to kubectl, with our context and namespace', (line) => {
  expect(plan(line)).toMatchObject({
    do: 'process',
    argv: ['/bin/kubectl', ...line.split(' '), '--context=prod', '--namespace=shop'],
    env: { KUBECONFIG: '/k' },
  });
});

test('what the user typed is never overridden, and flags go before --', () => {
  expect(plan('exec -it pod-1 -n x -- sh -c ls')).toMatchObject({
    argv: ['/bin/kubectl', 'exec', '-it', 'pod-1', '-n', 'x', '--context=prod', '--', 'sh', '-c', 'ls'],
    show: 'terminal',
  });
  expect(plan('config get-contexts')).toMatchObject({ argv: ['/bin/kubectl', 'config', 'get-contexts'] });
});

test.each([
  ['delete pods --all', []],
  ['set env deploy/x A=b', ['a', 'b']],
  ['exec web-0 -- ls', []],
])('%s under %j is refused: where is never guessed', (line, namespaces) => {
  expect(() => plan(line, { namespaces })).toThrow(/does not say where/);
  expect(plan(`${line.split(' --')[0]} -n x`, { namespaces })).toMatchObject({ do: 'process' });
});

test('what only looks, or acts on nodes, needs no namespace', () => {
  expect(plan('get pods -o yaml', { namespaces: [] })).toMatchObject({
    argv: expect.arrayContaining(['--all-namespaces']),
  });
  expect(plan('drain node-1 --pod-selector=a', { namespaces: ['a', 'b'] })).toMatchObject({ do: 'process' });
});

test('a namespace chosen for one context is not given to another, and own connections stay alone', () => {
  expect(plan('delete pods --all --context other')).toMatchObject({
    argv: ['/bin/kubectl', 'delete', 'pods', '--all', '--context', 'other'],
  });
  expect(plan('delete pod x --context other')).toMatchObject({ objects: [{ context: 'other' }] });
  expect(plan('delete pod x --context other')).not.toMatchObject({ objects: [{ namespace: expect.anything() }] });
  // Who asks is another question: without a context of ours it would go to the kubeconfig's own.
  for (const line of ['delete pod x --user=jane', 'create rolebinding x --clusterrole=view --user=jane']) {
    expect(plan(line)).toMatchObject({ argv: expect.arrayContaining(['--context=prod', '--namespace=shop']) });
  }
  expect(plan('delete pod x --kubeconfig /other')).toMatchObject({
    argv: ['/bin/kubectl', 'delete', 'pod', 'x', '--kubeconfig', '/other'],
  });
});

test('switches mean what they mean to kubectl', () => {
  expect(plan('logs a --follow=false')).toMatchObject({ options: { follow: false } });
  expect(plan('logs a --tail=-1')).toMatchObject({ options: { tail: -1 } });
  expect(plan('get pods --namespace=')).toEqual({ do: 'table', queries: [{ context: 'prod', resource: 'pods' }] });
  expect(plan('exec --as jane -ti=true a -- sh')).toMatchObject({ show: 'terminal' });
  expect(plan('exec a -- ls')).toMatchObject({ show: 'split' });
  expect(plan('view pods -A')).toMatchObject({ queries: [{ resource: 'pods', namespaces: [] }] });
  expect(plan('create secret generic s --token=abcdefgh')).toMatchObject({
    title: expect.not.stringContaining('abcdefgh'),
  });
});

test('without a file diff takes the buffer; a difference is no failure', () => {
  expect(plan('diff')).toMatchObject({ stdin: 'buffer', okCodes: [0, 1], filetype: 'diff' });
  // A namespace given as a flag would refuse manifests that name another.
  expect(plan('diff')).toMatchObject({ argv: ['/bin/kubectl', 'diff', '-f', '-', '--context=prod'] });
  expect(plan('create -f x.yaml')).toMatchObject({ stdin: 'none', okCodes: [0] });
});

test('apply plans files, folders, overlays and the buffer; what is elsewhere is kubectl’s', () => {
  const nothing = { do: 'apply', context: 'prod', files: [], recursive: false };
  expect(plan('apply')).toEqual({ ...nothing, buffer: true });
  expect(plan('apply -f a.yaml,b -f c -R -n shop')).toEqual({
    ...{ ...nothing, buffer: false, files: ['a.yaml', 'b', 'c'] },
    ...{ recursive: true, namespace: 'shop' },
  });
  expect(plan('apply -k overlay --context=test')).toEqual({
    ...{ ...nothing, buffer: false },
    ...{ kustomize: 'overlay', context: 'test' },
  });
  expect(plan('apply -f . --prune -l app=cart')).toMatchObject({ do: 'apply', prune: 'app=cart' });
  for (const line of [
    '-f https://example/x.yaml',
    '-f -',
    '-f . --prune',
    '-f . -l a=b',
    '-f . --dry-run=client',
    'view-last-applied',
  ])
    expect(plan(`apply ${line}`)).toMatchObject({ do: 'process' });
});

test('describe, logs, top and api-resources are ours', () => {
  expect(plan('describe pod a -n x')).toEqual({
    do: 'describe',
    sources: [{ context: 'prod', resource: 'pod', name: 'a', namespace: 'x' }],
  });
  expect(plan('describe deploy/web')).toMatchObject({ sources: [{ resource: 'deploy', name: 'web' }] });
  expect(plan('logs a -c app -f --tail=5')).toMatchObject({
    do: 'logs',
    options: { container: 'app', tail: 5, follow: true },
  });
  expect(plan('logs deploy/web')).toMatchObject({ do: 'logs', source: { resource: 'deploy', name: 'web' } });
  expect(plan('logs -l app=web')).toMatchObject({ do: 'process' });
  expect(plan('top nodes')).toEqual({ do: 'dashboard', name: 'top', args: { context: 'prod', kind: 'nodes' } });
  expect(plan('api-resources')).toMatchObject({ queries: [{ resource: 'api-resources' }] });
});

test('underscores in the name of a flag are dashes, as kubectl takes them; those of its value stay', () => {
  expect(plan('get pods --all_namespaces --field_selector=spec.node_name=a_b')).toMatchObject({
    queries: [{ resource: 'pods', namespaces: [], fieldSelector: 'spec.node_name=a_b' }],
  });
});

test('edit is the objects’ own texts; what kubectl alone can edit is left to it', () => {
  expect(plan('edit deploy web -n x')).toEqual({
    do: 'edit',
    sources: [{ context: 'prod', resource: 'deploy', name: 'web', namespace: 'x' }],
  });
  expect(plan('edit deploy/web cm/a')).toMatchObject({
    do: 'edit',
    sources: [
      { resource: 'deploy', name: 'web' },
      { resource: 'cm', name: 'a' },
    ],
  });
  for (const line of ['edit deploy', 'edit -f x.yaml', 'edit deploy web --subresource=status', 'edit deploy -l a=b'])
    expect(plan(line)).toMatchObject({ do: 'process', show: 'terminal' });
});

test('without kubectl the message says what needed it and what to do', () => {
  expect(() => plan('explain pods', { kubectl: undefined })).toThrow(/explain pods.*needs the kubectl program/);
});

test('demo starts and ends the throw-away cluster, and knows nothing else', () => {
  expect(plan('demo')).toMatchObject({
    argv: ['/bin/node', '/plugin/bootstrap.cjs', 'lab', 'up', '--name', 'demo', '--demo'],
  });
  expect(plan('demo down')).toMatchObject({ argv: expect.arrayContaining(['down', '--name', 'demo']) });
  expect(() => plan('demo destroy --all')).toThrow(/does not know 'destroy --all'/);
});

test('a flag that lacks its value is left for kubectl to complain about', () => {
  expect(plan('get pods -n')).toMatchObject({ do: 'process' });
});

test('a column without a path is refused as kubectl refuses it', () => {
  expect(() => plan('get pods -o custom-columns=NAME')).toThrow(/'NAME' is no column/);
});

test('new and clone open a text; what kubectl would not understand either is said', () => {
  const source = { resource: 'deploy', name: 'web', namespace: 'shop' };
  expect(plan('new deploy web -n shop')).toMatchObject({ do: 'new', anew: 'bare', name: 'web', source });
  expect(plan('new deploy/web -n shop')).toMatchObject({ do: 'new', anew: 'bare', name: 'web', source });
  expect(plan('new deploy')).toMatchObject({ do: 'new', anew: 'bare', source: { resource: 'deploy', name: '' } });
  expect(plan('clone deploy web two -n shop')).toMatchObject({ do: 'new', anew: 'copy', name: 'two', source });
  expect(plan('clone deploy/web -n shop')).toEqual(expect.not.objectContaining({ name: expect.anything() }));
  for (const wrong of ['new', 'new deploy web two', 'new deploy --image=x', 'clone deploy', 'clone deploy a b c']) {
    expect(() => plan(wrong), wrong).toThrow('does not understand this');
  }
  expect(plan('create deployment web --image=x')).toMatchObject({ do: 'process' });
});
