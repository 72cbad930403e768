-- Neovim runs LuaJIT; `vim` is its one global, and options are set through its fields.
std = 'luajit'
globals = { 'vim' }
max_line_length = 120
-- Callbacks are handed more than they use.
unused_args = false
exclude_files = { 'node_modules', 'dist', 'build' }
files['lua/kubectl/types.lua'] = { max_line_length = false }
