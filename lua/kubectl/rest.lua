--- Views nobody looks at: after a while they fall asleep.
local M = {}

--- A hidden view keeps its watch this long, in ms.
local SLEEP_AFTER = 60000

--- Somebody looks at the view, or it is gone.
---@param view kubectl.View
function M.stop(view)
  if view.timer then
    view.timer:stop()
    view.timer:close()
    view.timer = nil
  end
end

--- `:bdelete` takes the keys and options of a view's buffer away: what it shows next, at once or later, is another
--- table. `:set nobuflisted` is told as a deletion too, of a buffer that is unlisted already; it stays what it is.
---@param forget fun(view: kubectl.View)
---@return fun(view: kubectl.View)
function M.deletes(forget)
  return function(view)
    local buf = view.buf
    if not vim.bo[buf].buflisted then
      return
    end
    forget(view)
    vim.api.nvim_clear_autocmds({ group = 'kubectl.view', buffer = buf })
    vim.schedule(function()
      if vim.api.nvim_buf_is_valid(buf) and not vim.api.nvim_buf_is_loaded(buf) and not vim.bo[buf].buflisted then
        vim.api.nvim_buf_delete(buf, { force = true })
      end
    end)
  end
end

--- Nobody looks at the view any more.
---@param view kubectl.View
---@param sleep fun()
function M.begin(view, sleep)
  M.stop(view)
  view.timer = assert(vim.uv.new_timer())
  view.timer:start(
    SLEEP_AFTER,
    0,
    vim.schedule_wrap(function()
      M.stop(view)
      if view.held then
        return M.begin(view, sleep)
      end
      if vim.api.nvim_buf_is_valid(view.buf) and #vim.fn.win_findbuf(view.buf) == 0 then
        sleep()
      end
    end)
  )
end

return M
