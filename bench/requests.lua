-- Random requests out of a list, in the same order for everybody who is asked.
--
--   wrk -s requests.lua http://127.0.0.1:8080 -- LIST
--
-- One line of LIST is one request: a path, and after a tab the API key that goes with it. All are made before
-- the clock starts, so that drawing one costs the generator next to nothing. Prints one line of JSON.

-- Without it, every visit would be a robot's, which is not counted.
local BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36"
local prepared = {}

function init(args)
  for line in io.lines(args[1]) do
    local path, key = line:match("^([^\t]+)\t?(.*)$")
    local headers = { ["User-Agent"] = BROWSER }
    if key ~= "" then headers["Authorization"] = "Bearer " .. key end
    prepared[#prepared + 1] = wrk.format("GET", path, headers)
  end
  math.randomseed(1)
end

function request()
  return prepared[math.random(#prepared)]
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"requests": %d, "seconds": %.6f, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
