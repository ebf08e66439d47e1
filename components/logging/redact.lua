-- Takes secrets out of log records before they leave the node. Fluent Bit runs
-- it under LuaJIT, whose patterns are Lua 5.1's: no alternation, no counting.
--
-- Rather too much is removed than too little: what follows "token:" is taken
-- for a token, and what follows "Authorization:" goes up to the end of the line.
-- What cannot be known is not found: a secret without a telling shape or name.

local GONE = "[redacted]"
local DEPTH = 16 -- of nested values; deeper ones are withheld

-- ci makes a pattern of plain letters that ignores their case; _ stands for
-- what may join two words.
local function ci(word)
  return (word:gsub("%a", function(letter) return "[" .. letter:upper() .. letter:lower() .. "]" end):gsub("_", "[_%%-]?"))
end

-- Names of what is secret, as the end of a key or before = or a colon in text.
local NAMES = {}
for _, name in ipairs({
  "password", "passwd", "passphrase", "pwd", "secret", "token", "credential", "credentials",
  "api_key", "access_key", "secret_key", "private_key", "session_key", "encryption_key", "signing_key",
  "client_secret", "webhook_url", "routing_key", "service_key", "signature",
}) do
  NAMES[#NAMES + 1] = ci(name)
end

-- Headers whose values are secret up to the end of the line.
local HEADERS = { ci("authorization"), ci("cookie") }

-- Secrets that are known by their own shape: pattern, the length from which it
-- is one, and what stays of it.
local SHAPES = {
  { "gh[pousr]_%w+", 24, GONE },              -- GitHub: personal, OAuth, user, server, refresh
  { "github_pat_[%w_]+", 24, GONE },          -- GitHub: fine-grained personal
  { "A[KS]IA[%u%d]+", 20, GONE },             -- AWS access key ID, lasting and temporary
  { "eyJ[%w_%-]+%.[%w_%-]+[%w_%-%.]*", 20, GONE }, -- JSON Web Token, signed or encrypted
  { "xox[%w]%-[%w%-]+", 12, GONE },           -- Slack token
  { "hooks%.slack%.com/[%w/_%-]+", 18, "hooks.slack.com/" .. GONE },
  { "npm_%w+", 24, GONE },                    -- npm
  { "glpat%-[%w_%-]+", 16, GONE },            -- GitLab
  { "hv[sbr]%.[%w_%-]+", 16, GONE },          -- Vault
}

-- shapes replaces secrets that show themselves.
local function shapes(text)
  for _, shape in ipairs(SHAPES) do
    text = text:gsub(shape[1], function(found)
      if #found >= shape[2] then return shape[3] end
    end)
  end
  return text
end

-- keys replaces private keys in PEM, also one that is cut off. A key written
-- with line ends comes as a record a line: lines of nothing but Base64 go too,
-- unless they are hexadecimal, as checksums are.
local function keys(text)
  if text:find("PRIVATE KEY-----", 1, true) then
    text = text:gsub("%-%-%-%-%-BEGIN [%u%d ]*PRIVATE KEY%-%-%-%-%-.-%-%-%-%-%-END [%u%d ]*PRIVATE KEY%-%-%-%-%-", GONE)
    text = text:gsub("%-%-%-%-%-BEGIN [%u%d ]*PRIVATE KEY%-%-%-%-%-.*$", GONE)
  end
  local line = text:match("^%s*([%w+/]+=?=?)%s*$")
  if line and #line >= 60 and not line:find("^%x+$") then return GONE end
  return text
end

-- quoted is the end of a value that opens with a quote at from: the same quote,
-- behind as many backslashes as the opening one. One that never closes is cut
-- off, and ends with the text.
local function quoted(text, from, escapes, quote)
  local at = from
  while true do
    local s, e, slashes = text:find("(\\*)" .. quote, at)
    if not s then return #text + 1 end
    if #slashes <= #escapes then return s end
    at = e + 1
  end
end

-- assignments replaces what follows a name and a separator, up to the closing
-- quote, or to white space where there is none.
local function assignments(text, name, separator)
  local out, at = {}, 1
  while true do
    local _, e, escapes, quote = text:find(name .. "\\*[\"']?" .. separator .. "(\\*)([\"']?)", at)
    if not e then break end
    local stop
    if quote ~= "" then
      stop = quoted(text, e + 1, escapes, quote)
    else
      e = e - #escapes -- they are part of the value
      stop = text:find("%s", e + 1) or #text + 1
    end
    out[#out + 1] = text:sub(at, e)
    if stop > e + 1 then out[#out + 1] = GONE end
    at = stop
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out)
end

-- headers replaces what follows a header's name, to the end of the line, or of
-- its own quotes.
local function headers(text, name)
  text = assignments(text, name, "%s*[:=]%s*")
  return (text:gsub("(" .. name .. "\\*[\"']?%s*[:=]%s*)%[redacted%][^\r\n]*", "%1" .. GONE))
end

-- clean takes the secrets out of a text.
local function clean(text)
  text = shapes(keys(text))
  text = text:gsub("(://[^%s/:@]*:)[^%s/]+@", "%1" .. GONE .. "@") -- user:password@host
  for _, name in ipairs(HEADERS) do text = headers(text, name) end
  for _, name in ipairs(NAMES) do
    text = assignments(text, name, "%s*[:=]+%s*")
    text = assignments(text, "%-%-[%w%-]*" .. name, "%s+") -- --password VALUE
  end
  return (text:gsub("(" .. ci("bearer") .. "%s+)([^%s\"',;]+)", function(scheme, token)
    if #token >= 12 then return scheme .. GONE end
  end))
end

-- secret tells whether a key names a secret, by its end: databasePassword,
-- x-api-key, Set-Cookie.
local function secret(key)
  for _, names in ipairs({ NAMES, HEADERS }) do
    for _, name in ipairs(names) do
      if key:find(name .. "$") then return true end
    end
  end
  return false
end

-- walk cleans a value and all in it.
local function walk(value, depth)
  if type(value) == "string" then return clean(value) end
  if type(value) ~= "table" then return value end
  if depth > DEPTH then error("nested too deep") end
  for key, inner in pairs(value) do
    if type(key) == "string" and secret(key) then
      value[key] = GONE
    else
      value[key] = walk(inner, depth + 1)
    end
  end
  return value
end

-- redact is what Fluent Bit calls. A line that was JSON is kept as its fields
-- alone, under event. What Kubernetes says of the pod is left as it is: it says
-- where the line comes from, and holds no values of ours.
--
-- A record that cannot be cleaned is withheld, not sent as it is.
function redact(tag, timestamp, record)
  local pod = record["kubernetes"]
  record["kubernetes"] = nil
  if type(record["event"]) == "table" then record["log"] = nil end
  local ok, cleaned = pcall(walk, record, 1)
  if not ok then cleaned = { log = "[withheld: redaction failed]" } end
  cleaned["kubernetes"] = pod
  return 2, timestamp, cleaned
end
