import { setTimeout as pause } from 'node:timers/promises';
import type { Editor } from '../lua/harness.ts';
import { quantile } from './measure.ts';

export type Spread = { readonly p50: number; readonly p99: number; readonly max: number };

export type Loop = {
  /** What a key press would wait: answer times of a ping every 5 ms from outside, in ms. */
  readonly ping: Spread;
  /** CPU time Neovim spent between two rounds of its main loop, in ms: a busy machine does not change it. */
  readonly cpu: Spread;
};

const spread = (times: readonly number[]): Spread => ({
  p50: quantile(times, 0.5),
  p99: quantile(times, 0.99),
  max: Math.max(0, ...times),
});

/** Counts rounds in bins of 0.1 ms, which cost less than the list of them. */
const startInside = `
  local function used()
    local usage = vim.uv.getrusage()
    return (usage.utime.sec + usage.stime.sec) * 1e3 + (usage.utime.usec + usage.stime.usec) / 1e3
  end
  local last, bins = used(), {}
  local timer = vim.uv.new_timer()
  timer:start(0, 1, function()
    local now = used()
    local bin = math.floor((now - last) * 10)
    bins[bin] = (bins[bin] or 0) + 1
    last = now
  end)
  _G.bench_loop = function()
    timer:stop()
    timer:close()
    local list = {}
    for bin, count in pairs(bins) do list[#list + 1] = { bin / 10, count } end
    return list
  end`;

/** Looks at Neovim's main loop until it is stopped. */
export const watchLoop = async (editor: Editor): Promise<{ stop(): Promise<Loop> }> => {
  await editor.lua(startInside);
  const pings: number[] = [];
  let going = true;
  const pinging = (async () => {
    while (going) {
      const start = performance.now();
      await editor.lua('return 1');
      pings.push(performance.now() - start);
      await pause(5);
    }
  })();
  return {
    stop: async () => {
      going = false;
      await pinging;
      const bins = await editor.lua<[number, number][]>('return _G.bench_loop()');
      const rounds = bins.flatMap(([time, count]) => Array.from({ length: count }, () => time));
      return { ping: spread(pings), cpu: spread(rounds) };
    },
  };
};

/** Looked at on every turn of the loop: a timer's grain would be in the figures. */
const turned = async (holds: () => boolean): Promise<void> => {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error('the cursor did not move within 10 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
};

/** Key `j` until the cursor of the screen has moved, in ms. */
export const keyTimes = async (editor: Editor, times: number): Promise<number[]> => {
  await editor.keys('gg');
  const figures: number[] = [];
  for (let count = 0; count < times; count++) {
    const key = count % 60 < 30 ? 'j' : 'k';
    const [before] = editor.grid.cursor;
    const start = performance.now();
    await editor.keys(key);
    await turned(() => editor.grid.cursor[0] !== before);
    figures.push(performance.now() - start);
  }
  return figures;
};
