/** The cluster of a soak: namespaces and a definition of its own, changed behind the proxy's back. */
import { randomBytes } from 'node:crypto';
import { discover } from '../../../src/cluster/discovery.ts';
import { createTransport } from '../../../src/cluster/node-transport.ts';
import type { Transport, TransportRequest } from '../../../src/cluster/transport.ts';
import { type Resource, resourceKey, resourcePath } from '../../../src/protocol/resource.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { ClusterError } from '../../../src/util/error.ts';
import { eachOf } from '../../e2e/parity/lab-api.ts';
import { patience } from '../../patience.ts';
import type { Upstream } from '../proxy.ts';
import { type Change, type Colour, type Kind, type Place, places } from './plan.ts';

const group = (run: string): string => `s${run}.kubectl-live.test`;

const definition = (run: string): object => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group(run)}` },
  spec: {
    group: group(run),
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', singular: 'widget' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        additionalPrinterColumns: [
          { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
          { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
          { name: 'Node', type: 'string', jsonPath: '.spec.node', priority: 1 },
          { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
        ],
      },
    ],
  },
});

/** Neither is touched by anybody else: no scheduler takes the pods, and a paused deployment makes none. */
const specOf = (kind: Kind, { value }: Change): object => {
  const template = {
    metadata: { labels: { of: 'soak' } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'none' }] },
  };
  switch (kind) {
    case 'pods':
      return { ...template.spec, terminationGracePeriodSeconds: 0 };
    case 'deployments':
      return { paused: true, replicas: value, selector: { matchLabels: { of: 'soak' } }, template };
    case 'widgets':
      return { size: value, node: `node-${value}` };
    default:
      return kind satisfies never;
  }
};

const container = (restartCount: number, ready: boolean, state: object): object => ({
  containerStatuses: [{ name: 'main', restartCount, ready, image: 'none', imageID: '', state }],
});

const podStates: readonly object[] = [
  { phase: 'Pending', reason: null, ...container(0, false, { waiting: { reason: 'ImagePullBackOff' } }) },
  { phase: 'Running', reason: null, ...container(1, true, { running: {} }) },
  { phase: 'Running', reason: null, ...container(12, false, { waiting: { reason: 'CrashLoopBackOff' } }) },
  { phase: 'Failed', reason: 'Evicted', containerStatuses: null },
  { phase: 'Succeeded', reason: null, ...container(0, false, { terminated: { exitCode: 0, reason: 'Completed' } }) },
  { phase: 'Running', reason: null, ...container(3, true, { running: {} }) },
];

const phases = ['Ready', 'Broken', 'Pending', 'A phase that is much longer than any column was before', 'Ready', ''];

const merge = (path: string, body: object): TransportRequest => ({
  method: 'PATCH',
  path,
  headers: { 'content-type': 'application/merge-patch+json' },
  body,
});

export class World {
  readonly api: Transport;
  readonly run: string;
  readonly #resources: Readonly<Record<Kind, Resource>>;

  constructor(api: Transport, run: string, resources: Readonly<Record<Kind, Resource>>) {
    this.api = api;
    this.run = run;
    this.#resources = resources;
  }

  namespace(place: Place): string {
    return `soak-${this.run}-${place}`;
  }

  resource(kind: Kind): Resource {
    return this.#resources[kind];
  }

  /** As it is typed after `get`. */
  typed(kind: Kind): string {
    return resourceKey(this.#resources[kind]);
  }

  labels(colour: Colour): Readonly<Record<string, string>> {
    return { soak: this.run, app: colour };
  }

  async #create(change: Change): Promise<void> {
    const { kind, place, name, colour } = change;
    const resource = this.#resources[kind];
    await this.api.json({
      method: 'POST',
      path: resourcePath(resource, this.namespace(place)),
      body: {
        apiVersion: resource.group === '' ? resource.version : `${resource.group}/${resource.version}`,
        kind: resource.kind,
        metadata: { name, labels: this.labels(colour) },
        spec: specOf(kind, change),
      },
    });
  }

  async #delete(path: string): Promise<void> {
    await this.api.json({
      method: 'DELETE',
      path,
      query: { gracePeriodSeconds: '0', propagationPolicy: 'Background' },
    });
  }

  async #state(path: string, { kind, value }: Change): Promise<void> {
    if (kind === 'pods') await this.api.json(merge(`${path}/status`, { status: podStates[value] }));
    else if (kind === 'deployments') await this.api.json(merge(path, { spec: { replicas: value } }));
    else {
      await this.api.json(merge(path, { spec: { size: value } }));
      await this.api.json(merge(`${path}/status`, { status: { phase: phases[value] } }));
    }
  }

  async change(change: Change): Promise<void> {
    const { kind, place, name, colour, value } = change;
    const path = resourcePath(this.#resources[kind], this.namespace(place), name);
    switch (change.do) {
      case 'create':
        return await this.#create(change);
      case 'delete':
        return await this.#delete(path);
      case 'recreate':
        await this.#delete(path);
        return await this.#create(change);
      case 'touch':
        await this.api.json(merge(path, { metadata: { annotations: { touched: String(value) } } }));
        return;
      case 'label':
        await this.api.json(merge(path, { metadata: { labels: { app: value === 0 ? null : colour } } }));
        return;
      case 'status':
        return await this.#state(path, change);
      default:
        return change.do satisfies never;
    }
  }

  async dispose(): Promise<void> {
    const paths = [
      ...places.map((place) => `/api/v1/namespaces/${this.namespace(place)}`),
      `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group(this.run)}`,
    ];
    for (const path of paths) await this.api.json({ method: 'DELETE', path }).catch(() => {});
    this.api.dispose();
  }
}

/** Again until the server, which learns of a definition a moment later, knows it. */
const insist = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let left = 100 * patience; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};

const findAll = async (upstream: Upstream, run: string): Promise<Readonly<Record<Kind, Resource>>> => {
  // Discovery is kept by a transport, so each attempt has one of its own.
  const api = createTransport(upstream, { clock: systemClock });
  try {
    const found = await discover(api);
    return {
      pods: found.find('pods'),
      deployments: found.find('deployments.apps'),
      widgets: found.find(`widgets.${group(run)}`),
    };
  } finally {
    api.dispose();
  }
};

export const createSoakWorld = async (upstream: Upstream, first: readonly Change[]): Promise<World> => {
  const run = randomBytes(3).toString('hex');
  const api = createTransport(upstream, { clock: systemClock });
  const post = (path: string, body: object) => api.json({ method: 'POST', path, body });
  await post('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition(run));
  const world = new World(api, run, await insist(() => findAll(upstream, run)));
  for (const place of places) {
    const name = world.namespace(place);
    await post('/api/v1/namespaces', { metadata: { name } });
    // Pods wait for it, and a controller makes it a moment later unless it is there.
    await post(`/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } }).catch((error) => {
      if (!(error instanceof ClusterError && error.code === 'conflict')) throw error;
    });
  }
  await insist(() => api.json({ path: resourcePath(world.resource('widgets')) }));
  await eachOf(first, (change) => insist(() => world.change(change)));
  return world;
};
