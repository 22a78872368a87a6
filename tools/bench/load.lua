-- The requests that wrk sends: `wrk … -s load.lua URL -- METHOD TOKENS BODY`, and what it reports: one line of JSON.
-- TOKENS, with commas between them, take turns. With the environment variable PAUSE_MS, each connection waits that long
-- before each request.

local pause = tonumber(os.getenv("PAUSE_MS"))
if pause then
  function delay() return pause end
end

local requests, turn = {}, 0

function init(args)
  wrk.method = args[1]
  if args[3] ~= "" then
    wrk.body = args[3]
    wrk.headers["Content-Type"] = "application/json"
  end
  for token in args[2]:gmatch("[^,]+") do
    wrk.headers["Authorization"] = "Bearer " .. token
    requests[#requests + 1] = wrk.format()
  end
  if #requests == 0 then requests[1] = wrk.format() end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds": %f, "answered": %d, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.duration / 1e6, summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
