-- `nvim -l`: prints, as JSON, the tables of the Lua front that :help shows.
local here = vim.fs.dirname(debug.getinfo(1, 'S').source:sub(2))
vim.opt.runtimepath:prepend(vim.fs.normalize(here .. '/../..'))

local options = vim.tbl_map(function(option)
  return {
    name = option.name,
    doc = option.doc,
    types = option.types,
    default = vim.inspect(option.default),
  }
end, require('kubectl.config').options)

io.stdout:write(vim.json.encode({
  keys = require('kubectl.keys'),
  options = options,
  groups = vim.tbl_map(function(group)
    return { name = group.name, doc = group.doc, link = group.attributes.link }
  end, require('kubectl.highlight').groups),
  views = require('kubectl.config').get().views,
}))
