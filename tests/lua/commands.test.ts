import { afterEach, expect, test } from 'vitest';
import { line, Refusal, type Stage, startStage, startTable } from './fake.ts';

let stage: Stage;
afterEach(async () => {
  await stage?.dispose();
});

const processPlan = (argv: readonly string[], more = {}) => ({
  do: 'process' as const,
  argv,
  env: {},
  title: argv.join(' '),
  filetype: '',
  okCodes: [0],
  stdin: 'none' as const,
  show: 'split' as const,
  ...more,
});

test('quotes and backslashes keep words together; nothing is expanded; what kubectl is run with goes along', async () => {
  stage = await startStage({
    setup: `kubectl_cmd = { args = { '--as=me' }, env = { KUBECONFIG = '/other', A = 'b' } }`,
  });
  stage.backend.on('command.plan', () => ({ do: 'page', title: 'x', text: 'a page' }));
  await stage.editor.command(`Kubectl get po -l 'app in (a, b)' "it's $HOME \\"x\\"" a\\ b *`);
  expect(await stage.backend.asked('command.plan')).toEqual({
    args: ['get', 'po', '-l', 'app in (a, b)', 'it\'s $HOME "x"', 'a b', '*'],
    cwd: await stage.editor.lua('return vim.fn.getcwd()'),
    kubectl: { args: ['--as=me'], kubeconfig: '/other' },
  });
  await stage.editor.shows('a page');
  await stage.editor.command(`Kubectl get 'open`);
  await stage.editor.reports('A quote is not closed');
});

test('several queries open several windows; modifiers say where', async () => {
  stage = await startStage();
  stage.backend.on('command.plan', () => ({ do: 'table', queries: [{ resource: 'pods' }, { resource: 'services' }] }));
  await stage.editor.command('tab Kubectl get pods,services');
  await stage.backend.asked('view.open', 2);
  const layout = await stage.editor.lua<[number, number]>(`return { vim.fn.tabpagenr('$'), vim.fn.winnr('$') }`);
  expect(layout).toEqual([2, 2]);
});

test('a describe of a name, a refused command', async () => {
  stage = await startStage();
  const source = { resource: 'pods', name: 'cart', namespace: 'shop' };
  stage.backend.on('command.plan', () => ({ do: 'describe', sources: [source] }));
  await stage.editor.command('K describe pod cart');
  expect(await stage.backend.asked('describe.open')).toEqual({ view: 1, source });
  await stage.editor.keys('q');
  stage.backend.on('command.plan', () => {
    throw new Refusal({ code: 'invalid', message: 'get: what?', hint: 'For example :Kubectl get pods' });
  });
  await stage.editor.command('K get');
  await stage.editor.reports('get: what?\nFor example :Kubectl get pods');
});

test('a program runs beside the editor; R runs it again, q ends it', async () => {
  stage = await startStage();
  const script = `echo run $$; echo oops >&2; exec sleep 60`;
  stage.backend.on('command.plan', () => processPlan(['/bin/sh', '-c', script], { title: 'kubectl x %y' }));
  await stage.editor.command('Kubectl x');
  await stage.editor.shows(/run \d+/);
  await stage.editor.shows('oops');
  await stage.editor.shows(/kubectl x %y +running…/);
  const pid = async () => Number(/run (\d+)/.exec((await stage.editor.lines()).join('\n'))?.[1]);
  const first = await pid();
  const alive = (each: number): boolean => {
    try {
      return process.kill(each, 0);
    } catch {
      return false;
    }
  };
  expect(alive(first)).toBe(true);
  await stage.editor.keys('R');
  let second = first;
  await stage.editor.until('another process', async () => {
    second = await pid();
    return Number.isInteger(second) && second !== first;
  });
  await stage.editor.until('the first is gone', () => !alive(first));
  await stage.editor.keys('q');
  await stage.editor.until('the second is gone', () => !alive(second));
});

test('what a guard wants typed it wants typed for each run', async () => {
  stage = await startStage();
  const confirm = { title: 'delete · prod', lines: ['kubectl x'], verb: 'run it', type: 'prod' };
  stage.backend.on('command.plan', () =>
    processPlan(['/bin/sh', '-c', 'echo run $$'], { title: 'kubectl x', confirm }),
  );
  const runs = async () => (await stage.editor.lines()).join(' ');
  await stage.editor.command('Kubectl x');
  await stage.editor.shows('type prod and <CR>');
  await stage.editor.keys('prod<CR>');
  await stage.editor.shows(/run \d+/);
  await stage.editor.shows('done');
  const first = await runs();
  await stage.editor.keys('R');
  await stage.editor.shows('type prod and <CR>');
  await stage.editor.keys('<Esc>');
  await stage.editor.until('the question to go', () => !stage.editor.grid.text().includes('type prod'));
  expect(await runs()).toBe(first);
  await stage.editor.keys('R');
  await stage.editor.shows('type prod and <CR>');
  await stage.editor.keys('prod<CR>');
  await stage.editor.until('another run', async () => /run \d+/.test(await runs()) && (await runs()) !== first);
});

test('a program is not asked about in the place of another question', async () => {
  stage = await startStage();
  stage.backend.on('command.plan', ({ args: [name = ''] }) => {
    const confirm = { title: `${name} · prod`, lines: [`kubectl ${name}`], verb: 'run it' };
    return processPlan(['/bin/sh', '-c', `echo ran ${name}`], { title: name, confirm });
  });
  await stage.editor.command('Kubectl one');
  await stage.editor.shows('[y] run it');
  await stage.editor.command('Kubectl two');
  await stage.editor.reports('two · prod: not asked, for another question is open');
  await stage.editor.keys('y');
  await stage.editor.shows('ran one');
});

test('exit codes: those that are fine are, others are named; no output is said', async () => {
  stage = await startStage();
  const exit = (code: number, okCodes: number[]) => processPlan(['/bin/sh', '-c', `exit ${code}`], { okCodes });
  stage.backend.on('command.plan', () => exit(1, [0, 1]));
  await stage.editor.command('Kubectl diff');
  await stage.editor.shows('(no output)');
  await stage.editor.shows(/exit 1 +done/);
  await stage.editor.keys('q');
  stage.backend.on('command.plan', () => exit(3, [0]));
  await stage.editor.command('Kubectl diff');
  await stage.editor.shows('✕ exit code 3');
  stage.backend.on('command.plan', () => processPlan(['/nowhere/kubectl']));
  await stage.editor.command('Kubectl diff');
  await stage.editor.shows('/nowhere/kubectl could not be run');
});

test('the text of the buffer goes to stdin, the user’s kubectl and arguments are used', async () => {
  stage = await startStage({
    setup: `kubectl_cmd = { cmd = '/bin/echo', args = { '--cache-dir=/x' }, env = { FROM_SETUP = 'yes' } }`,
  });
  stage.backend.on('command.plan', () => processPlan(['kubectl', 'version']));
  await stage.editor.command('Kubectl version');
  expect(await stage.backend.asked('hello')).toMatchObject({ kubectl: '/bin/echo' });
  await stage.editor.shows('--cache-dir=/x version');
  await stage.editor.keys('q');
  await stage.editor.lua(`vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'kind: Pod', 'größe: 1' })`);
  stage.backend.on('command.plan', () => processPlan(['/bin/cat'], { stdin: 'buffer', filetype: 'yaml' }));
  await stage.editor.command('Kubectl apply');
  await stage.editor.until('what it was given', async () => {
    const lines = await stage.editor.lines();
    return (
      lines.join('\n') === 'kind: Pod\ngröße: 1\n' && (await stage.editor.lua('return vim.bo.filetype')) === 'yaml'
    );
  });
});

test('an interactive program gets a terminal', async () => {
  stage = await startStage();
  stage.backend.on('command.plan', () =>
    processPlan(['/bin/sh', '-c', 'test -t 0 && echo a tty of $COLUMNS; read answer; echo got $answer; sleep 9'], {
      show: 'terminal',
    }),
  );
  await stage.editor.command('Kubectl exec -it x');
  await stage.editor.shows('a tty of');
  await stage.editor.until('terminal mode', async () => (await stage.editor.lua('return vim.fn.mode()')) === 't');
  await stage.editor.keys('hello<CR>');
  await stage.editor.shows('got hello');
});

test(':Kubens and :Kubectx take names', async () => {
  stage = await startTable([line('a')]);
  await stage.editor.command('Kubens shop,pay');
  expect(await stage.backend.asked('namespace.use')).toEqual({ namespaces: ['shop', 'pay'] });
  expect(await stage.backend.asked('view.update')).toEqual({ view: 1, namespaces: ['shop', 'pay'] });
  await stage.editor.command('Kubens All');
  expect(await stage.backend.asked('namespace.use', 2)).toEqual({ namespaces: [] });
  await stage.editor.command('Kubectx staging');
  expect(await stage.backend.asked('context.use')).toEqual({ context: 'staging' });
});

const complete = (text: string) => stage.editor.lua<string[]>(`return vim.fn.getcompletion(..., 'cmdline')`, text);

test('completion answers at once from what was pushed', async () => {
  stage = await startTable([line('a')]);
  stage.backend.send({
    type: 'completion',
    data: {
      contexts: ['prod', 'staging'],
      namespaces: { prod: ['default', 'shop'], staging: ['other'] },
      resources: { prod: ['deploy', 'deployments.apps', 'po', 'pods'] },
    },
  });
  await stage.editor.until('it is known', async () => (await complete('Kubectl get dep')).length > 0);
  const asked = stage.backend.all('complete').length;
  expect(await complete('Kubectl get dep')).toEqual(['deploy', 'deployments.apps']);
  expect(await complete('K ge')).toEqual(['get']);
  expect(await complete('K get po,dep')).toEqual(['po,deploy', 'po,deployments.apps']);
  expect(await complete('K -n sh')).toEqual(['shop']);
  expect(await complete('K get pods --namespace=d')).toEqual(['--namespace=default']);
  expect(await complete('K --context staging get pods -n ')).toEqual(['other']);
  expect(await complete('K get pods -o ')).toEqual(['json', 'name', 'wide', 'yaml']);
  expect(await complete('K get --all')).toEqual(['--all-namespaces']);
  expect(await complete('K rollout res')).toEqual(['restart', 'resume']);
  expect(await complete('vertical K rollout restart dep')).toEqual(['deploy', 'deployments.apps']);
  expect(await complete('Kubectx st')).toEqual(['staging']);
  expect(await complete('Kubens shop,d')).toEqual(['shop,default']);
  expect(stage.backend.all('complete')).toHaveLength(asked);
});

test('names are those of the namespace typed, else of the current one, and none of before it was changed', async () => {
  stage = await startTable([line('a')]);
  let current = 'shop';
  stage.backend.on('complete', ({ namespace = current }) => ({
    names: { [`prod pods ${namespace}`]: [`${namespace}-1`, `${namespace}-2`] },
  }));
  const told = async (text: string, names: readonly string[]) => {
    await stage.editor.until(`names for ${text}`, async () => (await complete(text)).join() === names.join());
  };
  await told('K get pods sh', ['shop-1', 'shop-2']);
  await told('K describe pods/s', ['pods/shop-1', 'pods/shop-2']);
  await told('K logs shop-1', ['shop-1']);
  await told('K -n pay get pods p', ['pay-1', 'pay-2']);
  expect(stage.backend.all('complete').at(-1)).toEqual({
    context: 'prod',
    resource: 'pods',
    what: 'names',
    namespace: 'pay',
  });
  current = 'ship';
  await stage.editor.command('Kubens ship');
  await stage.backend.asked('namespace.use');
  await told('K get pods s', ['ship-1', 'ship-2']);
});

test('a miss asks, does not wait, and opens the menu again when the answer is there', async () => {
  stage = await startTable([line('a')]);
  stage.backend.on('complete', ({ what }) => {
    expect(what).toBe('resources');
    return { resources: { prod: ['deployments.apps', 'daemonsets.apps'] } };
  });
  await stage.editor.keys(':Kubectl get d<Tab>');
  expect(await stage.backend.asked('complete')).toEqual({ context: 'prod', what: 'resources' });
  await stage.editor.shows('daemonsets.apps');
  await stage.editor.shows('deployments.apps');
  await stage.editor.keys('<C-c>');
  expect(stage.backend.all('complete')).toHaveLength(1);
});

test('an answer that comes when the line has changed opens nothing; an empty one is not asked for again at once', async () => {
  stage = await startTable([line('a')]);
  let answer: (() => void) | undefined;
  stage.backend.on('complete', async () => {
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return { names: { 'prod pods *': ['cart'] } };
  });
  await stage.editor.keys(':K get pods c<Tab>');
  await stage.backend.asked('complete');
  await stage.editor.keys('x');
  answer?.();
  await stage.editor.lua('return 1');
  await stage.editor.until('the line as typed', () => stage.editor.grid.lines().at(-1) === ':K get pods cx');
  await stage.editor.keys('<C-u>K get nothing x<Tab><Tab><Tab>');
  await stage.backend.asked('complete', 2);
  await stage.editor.lua('return 1');
  expect(stage.backend.all('complete')).toHaveLength(2);
});
