-- Arguments after the URL: method, path, body, file of ids, prefix, authorization ("-" for none).
-- {id} in the path becomes a random id, {n} in the body the prefix and a number: each at most once per text but the
-- body, where {n} may occur more often.
local method, paths, bodies, ids, prefix
local sent = 0

local function parts(text, mark)
  local found = {}
  local at = 1
  while true do
    local from, to = text:find(mark, at, true)
    found[#found + 1] = text:sub(at, (from or 0) - 1)
    if not from then return found end
    at = to + 1
  end
end

function init(args)
  method, prefix, ids = args[1], args[5], {}
  paths = parts(args[2], "{id}")
  if args[3] ~= "-" then
    bodies = parts(args[3], "{n}")
    wrk.headers["Content-Type"] = "application/json"
  end
  for id in io.lines(args[4]) do ids[#ids + 1] = id end
  if args[6] ~= "-" then wrk.headers["Authorization"] = args[6] end
  if #paths == 1 and not bodies then
    local same = wrk.format(method, args[2])
    request = function() return same end
  end
end

function request()
  local path = table.concat(paths, ids[math.random(#ids)])
  sent = sent + 1
  return wrk.format(method, path, nil, bodies and table.concat(bodies, prefix .. sent))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
