import { expect, test } from 'vitest';
import { planCommand } from '../../../src/command/plan.ts';

const plan = (args: readonly string[]) =>
  planCommand({
    args,
    context: 'prod',
    namespaces: ['shop'],
    kubeconfig: '/k',
    bootstrap: [],
    kubectl: '/bin/kubectl',
  });

const words = (line: string): string[] => line.split(' ').filter(Boolean);

type Inputs = Readonly<Record<string, string | number | boolean>>;

/** `resource/name`, with where it is when the line says it. */
const objectText = ({ resource, name, namespace, context }: Record<string, string | undefined>): string =>
  [`${resource}/${name}`, namespace && `-n ${namespace}`, context !== 'prod' && context].filter(Boolean).join(' ');

const cases: readonly (readonly [line: string, action: string, objects: readonly string[], inputs: Inputs])[] = [
  ['delete pod a b', 'delete', ['pod/a', 'pod/b'], { cascade: 'background' }],
  ['delete pod/a svc/b -n x', 'delete', ['pod/a -n x', 'svc/b -n x'], { cascade: 'background' }],
  ['delete deploy web --context other --wait=false', 'delete', ['deploy/web other'], { cascade: 'background' }],
  ['-n x delete cm a', 'delete', ['cm/a -n x'], { cascade: 'background' }],
  ['delete pod a --grace-period=0 --force', 'delete', ['pod/a'], { force: true, cascade: 'background' }],
  ['delete pod a --force', 'delete', ['pod/a'], { force: true, cascade: 'background' }],
  ['delete pod a --grace-period 30', 'delete', ['pod/a'], { grace: 30, cascade: 'background' }],
  // kubectl makes it one second, lest data be lost: pkg/cmd/delete in kubectl.
  ['delete pod a --grace-period=0', 'delete', ['pod/a'], { grace: 1, cascade: 'background' }],
  ['delete pods a --now', 'delete', ['pods/a'], { grace: 1, cascade: 'background' }],
  ['delete deploy web --cascade=orphan', 'delete', ['deploy/web'], { cascade: 'orphan' }],
  ['delete deploy web --cascade', 'delete', ['deploy/web'], { cascade: 'background' }],
  ['scale deploy/web --replicas=3', 'scale', ['deploy/web'], { replicas: 3 }],
  ['scale --replicas 0 sts a b', 'scale', ['sts/a', 'sts/b'], { replicas: 0 }],
  ['set image deploy/web main=img:2', 'set-image', ['deploy/web'], { 'image:main': 'img:2' }],
  [
    'set image deployment web a=r:5000/i@sha256:0 b=x=y -n x',
    'set-image',
    ['deployment/web -n x'],
    { 'image:a': 'r:5000/i@sha256:0', 'image:b': 'x=y' },
  ],
  ['rollout restart deploy web', 'restart', ['deploy/web'], {}],
  ['rollout undo deploy/web', 'rollout-undo', ['deploy/web'], { revision: 0 }],
  ['rollout undo deploy/web --to-revision=2', 'rollout-undo', ['deploy/web'], { revision: 2 }],
  ['rollout pause deploy/web', 'rollout-pause', ['deploy/web'], {}],
  ['rollout resume deploy/web', 'rollout-resume', ['deploy/web'], {}],
  ['label pod a x=y z-', 'label', ['pod/a'], { pairs: 'x=y z-', overwrite: false }],
  ['label pod/a x= --overwrite', 'label', ['pod/a'], { pairs: 'x=', overwrite: true }],
  ['annotate ns a b k.io/x=1', 'annotate', ['ns/a', 'ns/b'], { pairs: 'k.io/x=1', overwrite: false }],
  ['cordon n1 node/n2', 'cordon', ['nodes/n1', 'nodes/n2'], {}],
  ['uncordon n1', 'uncordon', ['nodes/n1'], {}],
  ['drain n1', 'drain', ['nodes/n1'], { grace: -1, timeout: 0, daemonSets: false, emptyDir: false, force: false }],
  [
    'drain n1 --ignore-daemonsets --delete-emptydir-data --force --timeout=1m30s --grace-period=5',
    'drain',
    ['nodes/n1'],
    { grace: 5, timeout: 90, daemonSets: true, emptyDir: true, force: true },
  ],
  ['taint nodes n1 k=v:NoSchedule old-', 'taint', ['nodes/n1'], { taints: 'k=v:NoSchedule old-', overwrite: false }],
  ['autoscale deploy/web --max=5 --cpu-percent=70', 'autoscale', ['deploy/web'], { min: 1, max: 5, cpu: 70 }],
  ['autoscale deploy/web --min 2 --max=5 --cpu=60%', 'autoscale', ['deploy/web'], { min: 2, max: 5, cpu: 60 }],
  ['expose deploy/web --port=80', 'expose', ['deploy/web'], { port: 80, target: 80, type: 'ClusterIP' }],
  [
    'expose deploy web --port=80 --target-port=8080 --name=front --type=NodePort',
    'expose',
    ['deploy/web'],
    { port: 80, target: 8080, type: 'NodePort', name: 'front' },
  ],
  ['patch deploy web -p {"a":1}', 'patch', ['deploy/web'], { type: 'strategic', patch: '{"a":1}' }],
  ['patch deploy/web --type=merge --patch={"a":1}', 'patch', ['deploy/web'], { type: 'merge', patch: '{"a":1}' }],
];

test.each(cases)('%s is the action %s', (line, action, objects, inputs) => {
  const planned = plan(words(line));
  expect(planned).toMatchObject({ do: 'action', action, dryRun: false });
  if (planned.do !== 'action') throw new Error(planned.do);
  expect(planned.inputs).toEqual(inputs);
  expect(planned.objects.map((object) => objectText(object))).toEqual(objects);
});

test('the current context is said with every object', () => {
  expect(plan(words('delete pod a'))).toMatchObject({ objects: [{ context: 'prod' }] });
});

test('values with blanks are kept whole', () => {
  expect(plan(['annotate', 'pod', 'a', 'note=two words'])).toMatchObject({ inputs: { pairs: '"note=two words"' } });
});

test('a dry run on the server is one of ours', () => {
  expect(plan(words('drain n1 --dry-run=server'))).toMatchObject({ do: 'action', action: 'drain', dryRun: true });
  expect(plan(words('delete pod a --dry-run=none'))).toMatchObject({ do: 'action', dryRun: false });
});

test('what only looks opens a live text', () => {
  const source = { resource: 'deploy', name: 'web', context: 'prod' };
  expect(plan(words('rollout status deploy/web'))).toEqual({ do: 'text', what: 'rollout-status', source });
  expect(plan(words('rollout history deploy web -n x'))).toEqual({
    ...{ do: 'text', what: 'rollout-history' },
    source: { ...source, namespace: 'x' },
  });
});

test.each([
  'delete pods',
  'delete pods --all',
  'delete pods -l app=x',
  'delete all web',
  'delete pod,svc a',
  'delete pod/a b',
  'delete -f x.yaml',
  'delete pod a -A',
  'delete pod a -n x,y',
  'delete pod a -o name',
  'delete pod a --wait',
  'delete pod a --ignore-not-found',
  'delete pod a --dry-run=client',
  'delete pod a --dry-run',
  'delete pod a --as=root',
  'delete pod a --kubeconfig=/other',
  'delete pod a --cascade=maybe',
  'delete pod a --force=perhaps',
  'delete pod a --now --force',
  'delete pod a --force --grace-period=5',
  'delete pod a --grace-period=soon',
  'delete deploy web --grace-period=0 --force',
  'delete pod a -- b',
  'scale deploy/web',
  'scale deploy/web --replicas=-1',
  'scale deploy/web --replicas=3 --current-replicas=2',
  'set image deploy/web *=img',
  'set image deploy/web main=a main=b',
  'set image deploy/web',
  'set image deploy/web main=',
  'set image --all main=a',
  'set env deploy/web A=b',
  'set resources deploy/web --limits=cpu=1',
  'rollout undo deploy/web --to-revision=x',
  'rollout status deploy/web --watch=false',
  'rollout status deploy/web deploy/api',
  'rollout history deploy/web --revision=2',
  'rollout',
  'label pod a',
  'label pod x=y',
  'label pod a x=y b',
  'label pod a --list',
  'label pods --all x=y',
  'annotate pod a x="y',
  'cordon -l pool=a',
  'cordon pod/a',
  'drain n1 --pod-selector=app=x',
  'drain n1 --timeout=1.5s',
  'taint pods a k=v:NoSchedule',
  'taint nodes --all k=v:NoSchedule',
  'autoscale deploy/web --min=2',
  'autoscale deploy/web --max=5 --cpu=500m',
  'autoscale deploy/web --max=5 --name=x',
  'expose deploy/web',
  'expose deploy/web --port=80,443',
  'expose deploy/web --port=80 --target-port=http',
  'expose deploy/web --port=80 --type=ExternalName',
  'expose deploy/a deploy/b --port=80',
  'patch deploy web',
  'patch deploy web -p a:1',
  'patch deploy web -p {} --type=other',
  'patch deploy web -p {} --subresource=status',
])('%s stays whole with kubectl', (line) => {
  expect(plan(words(line))).toMatchObject({ do: 'process', argv: expect.arrayContaining(words(line)) });
});
