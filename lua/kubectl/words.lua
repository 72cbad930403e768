--- A command line as words: blanks separate, quotes and backslashes keep together. Pure.
local M = {}

--- Splits as a shell would, without expanding anything. The second result is true when a quote is still open.
---@param line string
---@return string[] words
---@return boolean open
function M.split(line)
  local words, word, quote = {}, nil, nil
  local at = 1
  while at <= #line do
    local char = line:sub(at, at)
    if quote then
      if char == quote then
        quote = nil
      elseif char == '\\' and quote == '"' and line:sub(at + 1, at + 1):match('["\\]') then
        at = at + 1
        word = word .. line:sub(at, at)
      else
        word = word .. char
      end
    elseif char == '"' or char == "'" then
      quote, word = char, word or ''
    elseif char == '\\' and at < #line then
      at = at + 1
      word = (word or '') .. line:sub(at, at)
    elseif char:match('%s') then
      if word then
        table.insert(words, word)
        word = nil
      end
    else
      word = (word or '') .. char
    end
    at = at + 1
  end
  if word then
    table.insert(words, word)
  end
  return words, quote ~= nil
end

return M
