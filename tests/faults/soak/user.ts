/** The hands on the keyboard. */
import { nextSort } from '../../../src/engine/view-change.ts';
import { splitFilter } from '../../../src/view/filter.ts';
import type { Editor } from '../../lua/harness.ts';
import type { Act } from './plan.ts';
import { rowsOfBuffer, type Shot, shoot, type ViewShot } from './screen.ts';
import { lineOf, narrowed, newTable, type TableModel } from './tables.ts';
import type { World } from './world.ts';

/** More tables than anybody looks at; then the ones that nobody sees are closed first. */
const mostTables = 5;

/** How long anything may take that is done at once on a machine with time for it. */
const patienceMs = 30_000;

type Here = { readonly shot: Shot; readonly view: ViewShot | undefined; readonly table: TableModel | undefined };

export class User {
  readonly editor: Editor;
  readonly world: World;
  readonly tables = new Map<number, TableModel>();
  /** Windows whose cursor or table the user changed since this was emptied. */
  readonly touched = new Set<number>();
  /** An engine ended since: an order that was asked for meanwhile may be lost, and shows. */
  ended = false;
  /** Tables that were changed; their cursors may be elsewhere, but not for nothing. */
  readonly changed = new Set<number>();
  readonly killBackend: () => Promise<void>;
  readonly endEngine: () => Promise<void>;

  constructor(editor: Editor, world: World, ends: Pick<User, 'killBackend' | 'endEngine'>) {
    this.editor = editor;
    this.world = world;
    this.killBackend = ends.killBackend;
    this.endEngine = ends.endEngine;
  }

  async #here(): Promise<Here> {
    const shot = await shoot(this.editor);
    const id = shot.windows.find(({ win }) => win === shot.current)?.view ?? 0;
    const view = shot.views.find((each) => each.id === id);
    return { shot, view, table: this.tables.get(id) };
  }

  async #until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await this.editor.until(what, holds, patienceMs);
  }

  /** Keys as typed, all of them done. */
  async #keys(text: string): Promise<void> {
    await this.editor.keys(text);
    // Input that is waiting comes before a request that is made now only if the editor has read it.
    await this.#until('the keys to be read', async () => (await this.editor.lua('return vim.fn.getchar(1)')) === 0);
  }

  async #change(view: number, change: object): Promise<void> {
    await this.editor.lua(
      `local views = require('kubectl.view')
      local id, change = ...
      views.update(views.all()[id], change)`,
      view,
      change,
    );
  }

  async open(spec: TableModel['spec'], how: 'here' | 'split' | 'vsplit'): Promise<void> {
    const { editor } = this;
    const mods = { here: '', split: 'belowright ', vsplit: 'vertical ' }[how];
    if (how !== 'here' && (await shoot(editor)).windows.length >= 4) await editor.command('wincmd o');
    const before = await this.#here();
    const opened = () => editor.lua<number>('return _G.soak_opened');
    const count = await opened();
    await editor.command(`${mods}Kubectl ${lineOf(this.world, spec)}`);
    // A line is planned by the backend before anything is seen of it.
    await this.#until('a table', async () => (await opened()) > count);
    const view = (await this.#here()).view?.id ?? 0;
    const { shot } = await this.#here();
    this.touched.add(before.shot.current).add(shot.current);
    await this.#opened(view);
    if (!this.tables.has(view)) this.tables.set(view, newTable(this.world, spec, view));
    await this.#tidy();
  }

  /** Until the backend has made it as others of its kind were left. */
  async #opened(id: number): Promise<void> {
    const view = async () => (await shoot(this.editor)).views.find((each) => each.id === id);
    await this.#until('an open table', async () => {
      const now = await view();
      return now === undefined || now.ready || now.problem !== '';
    });
    await rowsOfBuffer(this.editor, (await view())?.buf ?? 0);
  }

  /** Wipes tables that no window shows, where there are many. */
  async #tidy(): Promise<void> {
    const shot = await shoot(this.editor);
    const hidden = shot.views.filter(({ buf }) => shot.windows.every((window) => window.buf !== buf));
    for (const view of hidden.slice(0, Math.max(0, shot.views.length - mostTables))) await this.#wipe(view);
  }

  async #wipe(view: ViewShot): Promise<void> {
    await this.editor.command(`bwipeout! ${view.buf}`);
    this.tables.delete(view.id);
  }

  async #filter(table: TableModel, { text, labels, fields: wanted }: Extract<Act, { do: 'filter' }>): Promise<void> {
    // Servers know fewer fields of other kinds, and refuse what they do not know.
    const fields = wanted === undefined || table.spec.kind === 'pods' ? wanted : 'metadata.name!=nobody';
    const selector = narrowed(this.world, table, labels);
    const line = [
      text,
      selector === undefined ? '' : `-l ${selector}`,
      fields === undefined ? '' : `--field-selector ${fields}`,
    ]
      .filter((part) => part !== '')
      .join(' ');
    await this.#keys('<C-f>');
    const prompting = async () => (await this.editor.lua('return vim.bo.filetype')) === 'k8s_prompt';
    await this.#until('the prompt', prompting);
    await this.#keys(`<C-u>${line.replaceAll('<', '<lt>')}<CR>`);
    await this.#until('the end of the prompt', async () => !(await prompting()));
    const { terms } = splitFilter(line);
    Object.assign(table, { filter: terms, selector, fieldSelector: fields });
  }

  async #sort(table: TableModel, column: number): Promise<void> {
    const title = await this.editor.lua<string | null>(
      `local view = require('kubectl.view').of(0)
      local columns = view.layout and view.layout.columns or {}
      if #columns == 0 then return nil end
      vim.cmd('normal! ' .. (columns[... % #columns + 1].start + 1) .. '|')
      return require('kubectl.rows').column(view).title`,
      column,
    );
    if (title === null) return;
    const sort = table.sort;
    await this.#keys('gs');
    table.sort = this.ended ? undefined : (nextSort(sort, title) ?? { title: '', descending: false });
  }

  async #drill(view: ViewShot): Promise<void> {
    const { shot } = await this.#here();
    const window = shot.windows.find(({ win }) => win === shot.current);
    if (window === undefined || window.key === '') return;
    await this.#keys('<CR>');
    const place = async (): Promise<'here' | 'float' | 'below'> => {
      const { shot: now, view: found } = await this.#here();
      if (now.windows.every(({ win }) => win !== now.current)) return 'float';
      return found !== undefined && found.id !== view.id && (found.state.phase ?? found.problem) ? 'below' : 'here';
    };
    const reports = shot.reports.length;
    await this.#until('what is below, or a word why nothing is', async () => {
      return (await place()) !== 'here' || (await shoot(this.editor)).reports.length > reports;
    });
    const found = await place();
    if (found === 'here') return;
    // What has nothing below it is described.
    await this.#keys(found === 'float' ? 'q' : '<BS>');
    await this.#until('the table again', async () => (await this.#here()).view?.id === view.id);
  }

  async #pause(view: ViewShot, table: TableModel): Promise<void> {
    const paused = async () => (await this.#here()).view?.state.phase === 'paused';
    if (table.paused !== undefined) {
      await this.#keys('gz');
      await this.#until('the end of the pause', async () => !(await paused()));
      table.paused = undefined;
      return;
    }
    // What an engine was asked that ends is lost, and said to be.
    if (this.ended || view.state.phase === 'loading' || view.problem !== '' || !view.ready) return;
    await this.#keys('gz');
    await this.#until('the pause', paused);
    // What the last moments brought comes with the pause, a frame later at most.
    table.paused = (await rowsOfBuffer(this.editor, view.buf)).rows?.map(({ uid }) => uid) ?? 'afresh';
  }

  async #reopen({ spec }: TableModel): Promise<void> {
    await this.editor.command('bdelete!');
    await this.open(spec, 'here');
  }

  async #window(act: Act): Promise<boolean> {
    const { editor } = this;
    const { shot } = await this.#here();
    const many = shot.windows.length;
    switch (act.do) {
      case 'focus':
        await editor.command(`${(act.window % many) + 1}wincmd w`);
        return true;
      case 'split':
        if (many < 4) await editor.command('split');
        this.touched.add((await shoot(editor)).current);
        return true;
      case 'close':
        if (many > 1) await editor.command('close');
        return true;
      case 'resize':
        await editor.resize(act.columns, act.rows);
        for (const { win } of shot.windows) this.touched.add(win);
        return true;
      case 'wipe': {
        const hidden = shot.views.filter(({ buf }) => shot.windows.every((window) => window.buf !== buf));
        const found = hidden[act.view];
        if (found !== undefined) await this.#wipe(found);
        return true;
      }
      case 'kill':
      case 'end engine': {
        await (act.do === 'kill' ? this.killBackend() : this.endEngine());
        this.ended = true;
        for (const table of this.tables.values()) {
          if (table.paused !== undefined) table.paused = 'afresh';
          if (this.changed.has(table.view)) table.sort = undefined;
        }
        for (const { win } of shot.windows) this.touched.add(win);
        return true;
      }
      default:
        return false;
    }
  }

  async do(act: Act): Promise<void> {
    // A key that is refused takes those behind it away, also the one that would have ended Visual mode.
    if ((await this.editor.lua('return vim.api.nvim_get_mode().mode')) !== 'n') await this.#keys('<Esc>');
    if (await this.#window(act)) return;
    const { shot, view, table } = await this.#here();
    if (act.do === 'open') return await this.open(act.spec, act.how);
    if (view === undefined || table === undefined) return;
    const moves = act.do === 'move' || act.do === 'select' || act.do === 'drill' || act.do === 'reopen';
    if (moves) this.touched.add(shot.current);
    if (table.paused !== undefined && !moves && act.do !== 'pause') return;
    if (!moves && act.do !== 'refresh' && act.do !== 'pause') this.changed.add(view.id);
    await this.#table(act, view, table);
  }

  async #table(act: Act, view: ViewShot, table: TableModel): Promise<void> {
    switch (act.do) {
      case 'move':
        return await this.#keys(act.keys);
      case 'select':
        await this.#keys(act.keys);
        table.selected = new Set((await this.#here()).view?.selected);
        return;
      case 'filter':
        return await this.#filter(table, act);
      case 'sort':
        return await this.#sort(table, act.column);
      case 'wide':
        table.wide = !view.wide;
        return await this.#change(view.id, { wide: table.wide });
      case 'hide': {
        const title = view.columns[act.column % Math.max(1, view.columns.length)]?.title;
        table.hidden = view.hidden.length > 0 || title === undefined || title === 'NAME' ? [] : [title];
        return await this.#change(view.id, { hidden: table.hidden });
      }
      case 'namespaces':
        table.namespaces = act.places.map((place) => this.world.namespace(place));
        table.selected = new Set();
        return await this.#change(view.id, { namespaces: table.namespaces });
      case 'drill':
        return await this.#drill(view);
      case 'pause':
        return await this.#pause(view, table);
      case 'refresh':
        return await this.#keys('gr');
      case 'reopen':
        return await this.#reopen(table);
      default:
        return;
    }
  }

  /** `gr` in every table. */
  async refreshAll(): Promise<void> {
    await this.editor.lua(`
      local views = require('kubectl.view')
      for _, view in pairs(views.all()) do
        if not view.asleep then
          views.refresh(view)
        end
      end`);
  }
}
