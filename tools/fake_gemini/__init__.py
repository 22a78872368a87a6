"""A local Gemini endpoint for the real google-generativeai client: no account, no model, scripted answers.

Run it with `python -m tools.fake_gemini --port 8099` and give the client `transport="rest"` and
`client_options={"api_endpoint": "http://127.0.0.1:8099"}`. It speaks the `v1beta` REST protocol:
`generateContent`, `streamGenerateContent` (a JSON array, or server-sent events with `alt=sse`) and `models`.
A missing key returns 403, a key that starts with `invalid` 400 with reason API_KEY_INVALID; any other key is
accepted. Without a script, the answer is a deterministic demonstration text for the `Content type: …` line of the
system instruction and the `<title>` and `<request>` of the user's text (with or without the product's mark,
`<title-0123456789abcdef>`), truncated at maxOutputTokens. A `<passage>` is rewritten: halved for `Action: shorten`,
otherwise extended with the quoted part of the `<instruction>`.

Tests control it over HTTP (`remote.Remote` is the Python client):

* `POST /__standin__/script` `{"match": "part of the user's text", "steps": [step, …], "then": step}`: each
  generate call whose text contains `match` (default: every call) takes the next step; after the last one, `then`
  applies (default: the normal answer). If several scripts match, the newest applies; one with the same `match`
  is replaced.
* `GET /__standin__/calls?match=…&limit=…`: `{"calls": [{"at", "finishedAt", "model", "contentType", "title",
  "userText", "systemText", "status", "keyTail"}], "total", "running", "maxRunning"}`. Times are epoch
  seconds; `status` is null while the call runs and if it got no answer. `limit` returns only the last n calls.
  `running` and `maxRunning` (the maximum since the last reset) count all calls, `total` those that match.
* `POST /__standin__/defaults` `{"delayMs": n, "pieceMs"?: n}`: the delay of every answer, and of each chunk
  of a streamed one.
* `POST /__standin__/release` `{"match": "part of the user's text"}`: releases held calls whose user text contains
  `match`, including later ones.
* `POST /__standin__/reset`: clears scripts and calls, restores the initial delay, and ends waiting calls.

A step is one of these objects. Any of them may also carry `"delayMs": n`, `"hold": true` (the answer waits for a
`release`), `"thoughts": "…"` (a thought before the text) and, for streamed answers, `"pieceMs": n`,
`"holdAfter": n` (a `release` is awaited after n pieces), `"stallAfter": n` (silence after n pieces) or
`"dropAfter": n` (the connection is closed after n pieces); a step may be one of these alone.

    {"status": 503, "message"?: str, "reason"?: "API_KEY_INVALID", "retryAfter"?: seconds, "quota"?: quotaId}   an error
    {"body": "…", "status"?: 200}                this response body
    {"text": "…", "finishReason"?: "STOP"}       this text
    {"finishReason": "RECITATION"}               no text, with this finish reason
    {"empty": true}                              a candidate without parts, finish reason STOP
    {"cutOff": true}                             half of the text, finish reason MAX_TOKENS
    {"blocked": "prompt"}                        no candidates, block reason SAFETY
    {"blocked": "answer"}                        no text, finish reason SAFETY
    {"hang": true}                               no answer until a reset, or until the client disconnects
    {"drop": true}                               the connection is closed without an answer
    {"malformed": true}                          status 200 with a body that is not JSON
"""
