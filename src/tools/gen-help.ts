/**
 * The tables of doc/kubectl.txt: keys, options and highlight groups as the Lua front defines them, actions as the
 * backend does. A generated section is what stands between the heading with its tag and the next heading.
 * `--check` writes nothing and fails when the file is not what would be written.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions } from '../actions/index.generated.ts';
import { ensureNeovim } from './setup/neovim.cjs';

const root = join(import.meta.dirname, '..', '..');
const target = 'doc/kubectl.txt';
const textWidth = 78;

type Data = {
  readonly keys: readonly { name: string; lhs: string; modes: string[]; where: string[]; doc: string }[];
  readonly options: readonly { name: string; doc: string; types: string[]; default: string }[];
  readonly groups: readonly { name: string; doc: string; link?: string }[];
  readonly views: readonly string[];
};

const readData = async (): Promise<Data> => {
  const nvim = await ensureNeovim();
  const script = join(import.meta.dirname, 'help-data.lua');
  const { status, stdout, stderr } = spawnSync(nvim, ['--clean', '--headless', '-l', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${nvim} -l ${script} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout) as Data;
};

/** Words in lines of the help's width, each after the indent. */
const wrap = (text: string, indent: number): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > textWidth) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => ' '.repeat(indent) + each).join('\n');
};

const tagged = (left: string, tag: string): string => {
  const mark = `*${tag}*`;
  return `${left}${' '.repeat(Math.max(1, textWidth - left.length - mark.length))}${mark}`;
};

const places: Readonly<Record<string, string>> = {
  table: 'tables',
  edit: 'tables that are edited',
  object: 'objects',
  describe: 'describe',
  text: 'other texts',
  logs: 'logs',
  page: 'pages and output of programs',
  journal: 'the journal',
  task: 'long actions',
  references: 'references (`gX`)',
};

type Row = { readonly lhs: string; readonly plug: string; readonly doc: string };

const keyLine = ({ lhs, plug, doc }: Row): string => {
  const left = `${lhs.padEnd(9)} ${plug.padEnd(30)} `;
  return `${left}${wrap(doc, 41).trimStart()}`;
};

const keysSection = ({ keys, views }: Data): string => {
  const rows = (where: string): Row[] => {
    const own = keys
      .filter((key) => key.where.includes(where))
      .map(({ name, lhs, modes, doc }) => ({
        lhs,
        plug: `<Plug>(kubectl.${name})`,
        doc: modes.includes('n') ? doc : `Visual: ${doc}`,
      }));
    const does = actions.map(({ id, key, title }) => ({ lhs: key, plug: `<Plug>(kubectl.${id})`, doc: title }));
    if (where === 'object' || where === 'describe') {
      // Where one moves as in any text the other keys keep their own meaning.
      return [...own, ...does.filter(({ plug }) => plug === '<Plug>(kubectl.delete)')];
    }
    if (where !== 'table') return own;
    return [
      ...own,
      ...does,
      ...views.map((view, index) => ({
        lhs: String(index + 1),
        plug: `<Plug>(kubectl.view_${view})`,
        doc: `table of ${view}`,
      })),
    ];
  };
  const unknown = keys.flatMap(({ where }) => where).filter((where) => !(where in places));
  if (unknown.length > 0) throw new Error(`lua/kubectl/keys.lua has keys for ${unknown.join(', ')}, which is no place`);
  return Object.entries(places)
    .map(([where, title]) => `Keys in ${title} ~\n${rows(where).map(keyLine).join('\n')}`)
    .join('\n\n');
};

const optionsSection = ({ options }: Data): string =>
  options
    .map((option) => {
      const types = option.types.filter((type) => type !== 'nil').join(' or ');
      const unset = option.default === 'nil' ? 'unset' : option.default;
      const shown = unset.includes('\n') ? `>lua\n${unset.replaceAll(/^/gm, '      ')}\n<` : unset;
      return `${tagged(`${option.name}  (${types})`, `kubectl-option-${option.name}`)}\n${wrap(option.doc, 4)}\n    Default: ${shown}`;
    })
    .join('\n\n');

const groupsSection = ({ groups }: Data): string =>
  groups
    .map(
      ({ name, doc, link }) => `${`*hl-${name}*`.padEnd(28)} ${(link ?? '').padEnd(16)} ${wrap(doc, 46).trimStart()}`,
    )
    .join('\n');

/** Replaces what stands below the heading that carries a tag. */
const replaceSection = (help: string, tag: string, introduction: string, body: string): string => {
  const lines = help.split('\n');
  const heading = lines.findIndex((line) => line.endsWith(`*${tag}*`));
  if (heading < 0) throw new Error(`${target} has no heading *${tag}*`);
  const next = lines.findIndex((line, index) => index > heading && /^={20,}$/.test(line));
  if (next < 0) throw new Error(`${target} has no heading after *${tag}*`);
  const section = ['', wrap(introduction, 0), '', body, ''].join('\n').split('\n');
  return [...lines.slice(0, heading + 1), ...section, ...lines.slice(next)].join('\n');
};

const generate = (help: string, data: Data): string => {
  const keys =
    'User maps to a <Plug> win over the key given here, and `keymaps` of setup() changes it. `g?` shows the keys as they are mapped. All are local to their buffer.';
  const options = 'What setup() takes. All are optional; an unknown one is an error that names the nearest.';
  const groups =
    'Name, the group it links to, meaning. All are defined with `default`, so that a colour scheme or you override them.';
  return (
    [
      ['kubectl-keys', keys, keysSection(data)],
      ['kubectl-options', options, optionsSection(data)],
      ['kubectl-highlights', groups, groupsSection(data)],
    ] as const
  ).reduce((text, [tag, introduction, body]) => replaceSection(text, tag, introduction, body), help);
};

/** Neovim refuses to make tags of a help file that has one twice. */
const refuseDoubles = (help: string): void => {
  const tags: readonly string[] = help.match(/(?<=^|\s)\*[^*\s|]+\*(?=\s|$)/gm) ?? [];
  const doubles = tags.filter((tag, index) => tags.indexOf(tag) !== index);
  if (doubles.length > 0) throw new Error(`${target} has twice: ${doubles.join(', ')}`);
};

const path = join(root, target);
const now = readFileSync(path, 'utf8');
const written = generate(now, await readData());
refuseDoubles(written);
if (!process.argv.includes('--check')) writeFileSync(path, written);
else if (now !== written) {
  process.stderr.write(`${target} is not what the sources say: run node src/tools/gen-help.ts\n`);
  process.exitCode = 1;
}
