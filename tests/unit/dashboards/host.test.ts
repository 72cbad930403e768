import { afterEach, describe, expect, it } from 'vitest';
import { createDashboardHost, type DashboardHost } from '../../../src/dashboards/host.ts';
import type { Params, ToEditor } from '../../../src/protocol/wire.ts';
import { systemClock } from '../../../src/util/clock.ts';
import { ClusterError } from '../../../src/util/error.ts';

/** A worker that speaks the protocol and does what the dashboard's name says. */
const program = `
  import { parentPort } from 'node:worker_threads';
  const emit = (message) => parentPort.postMessage({ type: 'emit', dashboard: message.dashboard ?? 0, message });
  const context = new Map();
  parentPort.on('message', (message) => {
    const id = message.dashboard ?? message.params?.dashboard;
    if (message.type === 'open') {
      if (message.params.name === 'crash') throw new Error('out of luck');
      if (message.params.name === 'exit') process.exit(3);
      if (message.params.name === 'print') console.log('this must not reach the editor');
      if (message.params.name === 'none') {
        parentPort.postMessage({ type: 'refused', dashboard: id, error: { code: 'not-found', message: 'no such', hint: 'top' } });
        return;
      }
      parentPort.postMessage({ type: 'opened', dashboard: id, title: message.params.args.context + process.env.FORCE_COLOR });
    }
    if (message.type === 'key' && message.keys === 'x') throw new Error('out of luck');
    if (message.type === 'key' && message.keys === 'q') emit({ type: 'dashboard-ended', dashboard: id });
    if (message.type === 'key' && message.keys === 'c') parentPort.postMessage({ type: 'client-wanted', wanted: 7, context: 'prod' });
    emit({ type: 'notify', level: 'info', text: JSON.stringify(message) });
  });
`;

const workerUrl = new URL(`data:text/javascript,${encodeURIComponent(program)}`);

const hosts: DashboardHost[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.dispose();
});

const setup = () => {
  const emitted: ToEditor[] = [];
  const asked: string[] = [];
  const host = createDashboardHost({
    workerUrl,
    clock: systemClock,
    emit: (_dashboard, message) => emitted.push(message),
    clientFor: async (context) => {
      asked.push(context);
      if (asked.length > 1) throw new ClusterError('unauthorized', 'log in first', { hint: 'gA' });
      return { server: 'https://a' };
    },
  });
  hosts.push(host);
  const heard = (): string[] => emitted.flatMap((message) => (message.type === 'notify' ? [message.text] : []));
  return { host, emitted, asked, heard };
};

const params = (
  dashboard: number,
  name: string,
  more: Partial<Params<'dashboard.open'>> = {},
): Params<'dashboard.open'> => ({
  ...{ dashboard, name, args: { context: 'current' }, columns: 80, rows: 24, truecolor: true, theme: {} },
  ...more,
});

describe('the dashboard host', () => {
  it('opens in its context, in the colours the editor has', async () => {
    const { host } = setup();
    await expect(host.open(params(1, 'top'))).resolves.toEqual({ title: 'current3' });
    await expect(host.open(params(2, 'top', { args: { context: 'prod' } }))).resolves.toEqual({ title: 'prod3' });
  });

  it('starts anew for other colours when nothing is open', async () => {
    const { host } = setup();
    await host.open(params(1, 'top'));
    host.close({ dashboard: 1 });
    await expect(host.open(params(2, 'top', { truecolor: false }))).resolves.toEqual({ title: 'current2' });
  });

  it('hands on keys, sizes, answers and the end', async () => {
    const { host, heard } = setup();
    await host.open(params(1, 'top'));
    host.key({ dashboard: 1, keys: 'j' });
    host.resize({ dashboard: 1, columns: 100, rows: 30 });
    host.ack({ dashboard: 1, seq: 4 });
    host.close({ dashboard: 1 });
    await expect.poll(heard).toHaveLength(5);
    expect(
      heard()
        .slice(1)
        .map((text) => JSON.parse(text).type),
    ).toEqual(['key', 'resize', 'ack', 'close']);
  });

  it('rejects what the worker refuses', async () => {
    const { host } = setup();
    await expect(host.open(params(1, 'none'))).rejects.toMatchObject({
      code: 'not-found',
      message: 'no such',
      hint: 'top',
    });
  });

  it.each(['crash', 'exit'])('rejects an open that ends the worker (%s), and works again', async (name) => {
    const { host } = setup();
    await expect(host.open(params(1, name))).rejects.toThrow(/^The dashboards stopped: .* Open the dashboard again/);
    await expect(host.open(params(1, 'top'))).resolves.toEqual({ title: 'current3' });
  });

  it('says of every open dashboard that a crash ended it', async () => {
    const { host, emitted } = setup();
    await host.open(params(1, 'top'));
    await host.open(params(2, 'top'));
    host.key({ dashboard: 2, keys: 'x' });
    const ended = () => emitted.filter((message) => message.type === 'dashboard-ended');
    const message = 'The dashboards stopped: out of luck. Open the dashboard again to restart them.';
    await expect.poll(ended).toEqual([
      { type: 'dashboard-ended', dashboard: 1, message },
      { type: 'dashboard-ended', dashboard: 2, message },
    ]);
    await expect(host.open(params(3, 'top'))).resolves.toEqual({ title: 'current3' });
  });

  it('resolves clients for the worker, and tells it why not', async () => {
    const { host, asked, heard } = setup();
    await host.open(params(1, 'top'));
    host.key({ dashboard: 1, keys: 'c' });
    await expect.poll(() => heard().at(-1)).toBe('{"type":"client","wanted":7,"spec":{"server":"https://a"}}');
    host.key({ dashboard: 1, keys: 'c' });
    const error = { code: 'unauthorized', message: 'log in first', hint: 'gA' };
    await expect.poll(() => heard().at(-1)).toBe(JSON.stringify({ type: 'client-refused', wanted: 7, error }));
    expect(asked).toEqual(['prod', 'prod']);
  });

  it('rejects an open that is closed or disposed of meanwhile', async () => {
    const { host } = setup();
    const closed = host.open(params(1, 'top'));
    host.close({ dashboard: 1 });
    await expect(closed).rejects.toMatchObject({ code: 'cancelled' });
    const disposed = host.open(params(2, 'top'));
    host.dispose();
    await expect(disposed).rejects.toMatchObject({ code: 'cancelled' });
    await expect(host.open(params(3, 'top'))).rejects.toMatchObject({ code: 'cancelled' });
  });
});
