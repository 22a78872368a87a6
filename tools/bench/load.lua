-- The requests that wrk sends: `wrk … -s load.lua URL -- METHOD TOKEN BODY`, and what it reports: one line of JSON.

function init(args)
  wrk.method = args[1]
  if args[2] ~= "" then wrk.headers["Authorization"] = "Bearer " .. args[2] end
  if args[3] ~= "" then
    wrk.body = args[3]
    wrk.headers["Content-Type"] = "application/json"
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"seconds": %f, "answered": %d, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
    summary.duration / 1e6, summary.requests, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
