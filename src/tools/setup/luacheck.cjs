'use strict';
/**
 * luacheck without a Lua: Debian's package is plain Lua, and Neovim brings an interpreter (`nvim -l`, LuaJIT, which is
 * what the plugin runs on). The one C module it wants, LuaFileSystem, is replaced by lfs.lua over vim.uv.
 */
const fs = require('node:fs');
const path = require('node:path');
const apt = require('./apt.cjs');
const { withLock } = require('./lock.cjs');
const { cache } = require('./paths.cjs');
const { step } = require('./progress.cjs');
const { which } = require('./run.cjs');

const packages = ['lua-check', 'lua-argparse'];

/**
 * How to call luacheck: a program and its first arguments; undefined where there is no way to have it.
 * @param {string} nvim
 * @returns {Promise<{ program: string, args: string[], env: NodeJS.ProcessEnv } | undefined>}
 */
async function findLuacheck(nvim) {
  const installed = which('luacheck');
  if (installed !== undefined) return { program: installed, args: [], env: process.env };
  if (!apt.available()) return undefined;
  const folder = path.join(cache, 'luacheck');
  const modules = path.join(folder, 'usr', 'share', 'lua', '5.1');
  const complete = () =>
    fs.existsSync(path.join(modules, 'luacheck')) && fs.existsSync(path.join(modules, 'argparse.lua'));
  if (!complete()) {
    await withLock('luacheck', async () => {
      if (!complete()) await step('luacheck', () => apt.unpackPackages(packages, folder));
    });
  }
  const search = [
    path.join(__dirname, 'luacheck', '?.lua'),
    path.join(modules, '?.lua'),
    path.join(modules, '?', 'init.lua'),
  ];
  const env = { ...process.env, LUA_PATH: `${search.join(';')};;` };
  return { program: nvim, args: ['-l', path.join(__dirname, 'luacheck', 'run.lua')], env };
}

module.exports = { findLuacheck };
