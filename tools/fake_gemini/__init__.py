"""A local Gemini endpoint for the real google-generativeai client: no account, no AI, answers by script.

Run it with `python -m tools.fake_gemini --port 8099` and give the client `transport="rest"` and
`client_options={"api_endpoint": "http://127.0.0.1:8099"}`. It speaks the `v1beta` REST protocol:
`generateContent`, `streamGenerateContent` (a JSON array, or server-sent events with `alt=sse`) and `models`.
No key is answered 403, a key that starts with `invalid` 400 with reason API_KEY_INVALID; any other key is
good. Without a script it answers with a demonstration text for the `Content type: …` line of the system
instruction and the `<title>` and `<request>` of the user's text (with or without the product's mark,
`<title-0123456789abcdef>`), the same one for the same prompt, cut off at maxOutputTokens. A `<passage>` is rewritten:
halved for `Action: shorten`, else with what the `<instruction>` has in quotation marks added.

Tests steer it over HTTP (`remote.Remote` does it from Python):

* `POST /__standin__/script` `{"match": "part of the user's text", "steps": [step, …], "then": step}`: each
  generate call whose text holds `match` (default: every call) takes the next step; after the last one `then`
  applies (default: the normal answer). Of several scripts that match, the newest decides; one with the same
  `match` is replaced.
* `GET /__standin__/calls?match=…&limit=…`: `{"calls": [{"at", "finishedAt", "model", "contentType", "title",
  "userText", "systemText", "status", "keyTail"}], "total", "running", "maxRunning"}`. Times are epoch
  seconds; `status` is null while the call runs and when it got no answer. `limit` keeps the last n calls;
  `total`, `running` and `maxRunning` (most at once since the last reset) count all calls, `total` those that
  match.
* `POST /__standin__/defaults` `{"delayMs": n, "pieceMs"?: n}`: how long every answer takes, and the pause
  before each piece of a streamed one.
* `POST /__standin__/release` `{"match": "part of the user's text"}`: lets the held calls go on whose user text holds
  `match`, those that arrive later too.
* `POST /__standin__/reset`: forgets scripts and calls, sets the delay to that of the start, lets waiting
  calls go.

A step is one of these objects. Any of them may also carry `"delayMs": n`, `"hold": true` (the answer waits for a
`release`), `"thoughts": "…"` (a thought before the text) and, for streamed answers, `"pieceMs": n`,
`"stallAfter": n` (silence after n pieces) or `"dropAfter": n` (the connection is closed after n pieces); a step may
be one of these alone.

    {"status": 503, "message"?: str, "reason"?: "API_KEY_INVALID", "retryAfter"?: seconds, "quota"?: quotaId}   an error
    {"body": "…", "status"?: 200}                these words as the whole body
    {"text": "…", "finishReason"?: "STOP"}       this text
    {"finishReason": "RECITATION"}               an end without text, for that reason
    {"empty": true}                              a candidate without parts, finish reason STOP
    {"cutOff": true}                             half of the text, finish reason MAX_TOKENS
    {"blocked": "prompt"}                        no candidates, block reason SAFETY
    {"blocked": "answer"}                        no text, finish reason SAFETY
    {"hang": true}                               no answer until a reset, or until the client leaves
    {"drop": true}                               the connection is closed without an answer
    {"malformed": true}                          status 200 with a body that is not JSON
"""
