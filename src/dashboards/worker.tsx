/** Entry of the dashboard worker, and its composition root: the only place here that knows where requests go. */
import { parentPort } from 'node:worker_threads';
// biome-ignore lint/style/noRestrictedImports: a composition root wires the transport into what only sees an interface
import { createTransport } from '../cluster/node-transport.ts';
import { systemClock } from '../util/clock.ts';
import { dashboards } from './index.generated.ts';
import type { ToWorker } from './messages.ts';
import { Runner } from './runner.ts';

const port = parentPort;
if (port === null) throw new Error('dashboards/worker is started as a worker thread by dashboards/host.ts');

const runner = new Runner({
  dashboards,
  clock: systemClock,
  post: (message) => port.postMessage(message),
  connect: (spec, renew) => createTransport(spec, { clock: systemClock, renew }),
});
port.on('message', (message: ToWorker) => runner.receive(message));
