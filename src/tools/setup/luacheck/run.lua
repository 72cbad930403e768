-- `nvim -l` sets no package.path from LUA_PATH once its runtime is up, so it is set here.
package.path = vim.env.LUA_PATH
require('luacheck.main')
