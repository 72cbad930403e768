import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Transport } from '../../../src/cluster/transport.ts';
import { project } from '../../../src/processors/project.ts';
import { resourcePath } from '../../../src/protocol/resource.ts';
import { asClusterError } from '../../../src/util/error.ts';
import { type OwnKind, ownKind } from './compare.ts';
import { eachOf, labTransport, makeNamespace, mergePatch, seed } from './lab-api.ts';
import { randomKinds } from './random/kinds.ts';
import type { RandomKind } from './random/random.ts';
import { differences, readTable, type ServerTable } from './server-table.ts';

/** Objects that are really made of a kind; the states of each are only asked about (dry run), never kept. */
const mostMade = 10;
const wanted = 200;
/** What the server's validation refuses is made up again. */
const attempts = 12 * wanted;

const finalizer = 'test.example.com/hold';
const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
const dryRun = { dryRun: 'All', includeObject: 'Object' };

describe('objects made up at random read as the printer of the server prints them', () => {
  let api: Transport;
  let namespace: Awaited<ReturnType<typeof makeNamespace>>;

  beforeAll(async () => {
    api = await labTransport();
    namespace = await makeNamespace(api, 'parity-random');
  });
  afterAll(async () => {
    await namespace.remove();
    api.dispose();
  });

  const nameOf = (index: number): string => `${namespace.name}-${index}`;

  const bodyOf = (body: Readonly<Record<string, unknown>>, index: number, held = false) => ({
    ...body,
    metadata: { ...(body.metadata as object), name: nameOf(index), ...(held ? { finalizers: [finalizer] } : {}) },
  });

  /** The server prints what it would have kept. Undefined: it would not have accepted it. */
  const printed = async (request: Parameters<Transport['json']>[0]): Promise<ServerTable | undefined> => {
    try {
      return await readTable(api, { ...request, query: dryRun, headers: { ...request.headers, accept } });
    } catch (thrown) {
      if (['invalid', 'conflict'].includes(asClusterError(thrown).code)) return undefined;
      throw thrown;
    }
  };

  const wrongIn = ({ processor, fields }: OwnKind, table: ServerTable): readonly string[] => {
    const rows = table.rows.map(({ cells, item }) => ({
      cells,
      item: { ...item, object: project(item.object, fields) },
    }));
    return [...differences(table, processor), ...differences({ ...table, rows }, processor)];
  };

  const made = async ({ body, deleted }: RandomKind, path: string): Promise<readonly number[]> => {
    const indexes: number[] = [];
    const bodies = fc.sample(body, { numRuns: 3 * mostMade, seed });
    await eachOf(
      bodies.map((each, index) => ({ each, index })),
      async ({ each, index }) => {
        if (indexes.length >= mostMade) return;
        const held = deleted === true && index % 3 === 0;
        try {
          await api.json({ method: 'POST', path, body: bodyOf(each, index, held) });
        } catch (thrown) {
          if (asClusterError(thrown).code === 'invalid') return;
          throw thrown;
        }
        indexes.push(index);
        if (held) await api.json({ method: 'DELETE', path: `${path}/${nameOf(index)}` });
      },
    );
    return indexes;
  };

  const remove = (path: string, namespaced: boolean, indexes: readonly number[]): Promise<void> =>
    eachOf(indexes, async (index) => {
      const at = `${path}/${nameOf(index)}`;
      const ignore = (): undefined => undefined;
      if (!namespaced) await api.json({ method: 'DELETE', path: at }).catch(ignore);
      await api.json(mergePatch(at, { metadata: { finalizers: null } })).catch(ignore);
    });

  const compare = async (kind: RandomKind): Promise<void> => {
    const own = await ownKind(api, kind.resource);
    const path = resourcePath(own.resource, namespace.name);
    const wrong: string[] = [];
    let accepted = 0;
    const judge = (table: ServerTable | undefined): void => {
      if (table === undefined) return;
      accepted += 1;
      wrong.push(...wrongIn(own, table));
    };
    const { status } = kind;
    if (status === undefined) {
      const bodies = fc.sample(kind.body, { numRuns: wanted, seed });
      await eachOf(
        bodies.map((body, index) => bodyOf(body, index)),
        async (body) => judge(await printed({ method: 'POST', path, body })),
      );
    } else {
      const indexes = await made(kind, path);
      try {
        const states = fc.sample(status, { numRuns: attempts, seed });
        await eachOf(
          states.map((state, index) => ({ state, index: indexes[index % indexes.length] ?? 0 })),
          async ({ state, index }) => {
            if (accepted < wanted)
              judge(await printed(mergePatch(`${path}/${nameOf(index)}/status`, { status: state })));
          },
        );
      } finally {
        await remove(path, own.resource.namespaced, indexes);
      }
    }
    expect({ seed, wrong: wrong.slice(0, 5) }).toEqual({ seed, wrong: [] });
    expect(accepted).toBeGreaterThanOrEqual(wanted);
  };

  it.each(randomKinds('').map(({ resource }) => resource))('%s', async (resource) => {
    const kind = randomKinds(namespace.name).find((each) => each.resource === resource);
    if (kind === undefined) throw new Error(resource);
    await compare(kind);
  });
});
