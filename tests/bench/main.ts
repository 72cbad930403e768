/**
 * `npm run bench`: the rows of the budgets, on a lab of its own, with kubectl (and k9s where it is on PATH) measured in
 * the same run. Prints Markdown tables on stdout; asserts nothing: times depend on the machine.
 *
 *   [--pods 10000,50000] [--rates 0,100,500,1000] [--rounds 3]   the tables
 *   --memory [--minutes 30] [--cycles 1000]                      memory over time
 *   --profile                                                    where the backend's CPU goes under churn
 *   --record                                                     screens of a table under churn, as text
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { ownLab } from '../e2e/own-lab.ts';
import { type Bench, load } from './bench.ts';
import { bulk } from './bulk.ts';
import { describeTimes } from './describe.ts';
import { k9s } from './k9s.ts';
import { type Figure, table } from './measure.ts';
import { memory } from './memory.ts';
import { opening } from './opening.ts';
import { profile } from './profile.ts';
import { record } from './record.ts';
import { sizes } from './sizes.ts';
import { startUp } from './start-up.ts';
import { steady } from './steady.ts';

const { values } = parseArgs({
  options: {
    pods: { type: 'string', default: '10000,50000' },
    rates: { type: 'string', default: '0,100,500,1000' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    cycles: { type: 'string', default: '1000' },
    profile: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
});
const numbers = (text: string): number[] => text.split(',').map(Number);
const sizesOfCluster = numbers(values.pods);
const rates = numbers(values.rates);
const [few = 10_000] = sizesOfCluster;
const churned = 500;

const print = (title: string, figures: readonly Figure[]): void => {
  process.stdout.write(`\n## ${title}\n\n${table(figures)}\n`);
};

/** Every row of the budgets. */
const tables = async (bench: Bench): Promise<void> => {
  print('Start-up and sizes', [...(await startUp(bench)), ...sizes()]);
  for (const pods of sizesOfCluster) {
    await load(bench, pods);
    bench.say(`${pods} pods: opening`);
    const opened = await opening(bench, pods);
    print(`${pods} pods`, [...opened, ...(await steady(bench, pods, rates)), ...(await k9s(bench, rates))]);
    if (pods === few) {
      print('Describe', await describeTimes(bench.kubeconfig));
      print('Many at once', await bulk(bench));
    }
  }
};

const run = async (): Promise<void> => {
  const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
  say(`${cpus().length} cores`);
  const own = await ownLab('bench');
  process.env.KUBECTL_LIVE_LAB_KUBECTL = own.kubectl;
  const bench: Bench = { kubeconfig: own.kubeconfig, labName: own.name, rounds: Number(values.rounds), say };
  try {
    if (!values.memory && !values.profile && !values.record) return await tables(bench);
    await load(bench, few);
    if (values.record) process.stdout.write(await record(bench, few, churned));
    if (values.profile) print(`Self time under ${churned} events/s`, await profile(bench, few, churned));
    if (values.memory) {
      const work = { minutes: Number(values.minutes), cycles: Number(values.cycles) };
      print('Memory', await memory(bench, few, work));
    }
  } finally {
    await own.stop();
  }
};

await run();
