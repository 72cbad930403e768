--- The states of an object that were seen since its buffer was opened: a list, and one beside the newest.
local draft = require('kubectl.draft')
local picker = require('kubectl.picker')
local report = require('kubectl.report')
local views = require('kubectl.view')

local M = {}

---@param object kubectl.Object
---@param at integer  in ms since the epoch
local function compare(object, at)
  views.ask_backend('object.version', { view = object.id, at = at }, function(err, found)
    if err then
      return report.failure(err)
    end
    local time = os.date('%H:%M:%S', math.floor(at / 1000)) --[[@as string]]
    draft.compare({ title = time, text = found.text }, { title = 'now', text = found.now }, nil, object.masked)
  end)
end

--- Lists the versions, the newest first; the chosen one is shown beside the newest.
---@param object kubectl.Object
function M.open(object)
  views.ask_backend('object.versions', { view = object.id }, function(err, found)
    if err then
      return report.failure(err)
    elseif #found.versions < 2 then
      return report.info('It has not changed since this buffer was opened.')
    end
    local items = {}
    for index, version in ipairs(found.versions) do
      local what = index == 1 and 'as it was first seen' or table.concat(version.changed, ', ')
      local time = os.date('%H:%M:%S', math.floor(version.at / 1000))
      table.insert(items, 1, { text = ('%s  %s'):format(time, what), value = version.at })
    end
    picker.pick({ title = 'versions', items = items }, function(chosen)
      if chosen then
        compare(object, chosen[1].value)
      end
    end)
  end)
end

return M
