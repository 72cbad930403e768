import { afterEach, expect, test } from 'vitest';
import { type Stage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

test('42. the words of 10,000 CRDs are completed between two keys', async () => {
  stage = await startTable([]);
  const words = Array.from({ length: 10_000 }, (_, index) => [
    `things${index}`,
    `t${index}`,
    `things${index}.group${index % 500}.example.com`,
  ]).flat();
  stage.backend.send({ type: 'completion', data: { resources: { prod: words } } });
  const complete = (text: string) => stage.editor.lua<string[]>(`return vim.fn.getcompletion(..., 'cmdline')`, text);
  await stage.editor.until('they are known', async () => (await complete('Kubectl get things7777')).length > 0);
  // The name, and the name with its group.
  expect(await complete('Kubectl get things7777')).toHaveLength(2);
  expect(await complete('Kubectl get pods,things7777')).toHaveLength(2);
  const spent = await stage.editor.lua<number[]>(`
    local times = {}
    for _, lead in ipairs({ 'Kubectl get t', 'Kubectl get things99', 'Kubectl describe nothing' }) do
      local least = math.huge
      for _ = 1, 3 do
        local before = os.clock()
        vim.fn.getcompletion(lead, 'cmdline')
        least = math.min(least, (os.clock() - before) * 1e3)
      end
      table.insert(times, least)
    end
    return times`);
  expect(Math.max(...spent)).toBeLessThan(150);
});
