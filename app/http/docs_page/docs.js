// Fills the page: the routes with Swagger UI, the events with a table made from the AsyncAPI document.

SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#routes", deepLinking: true, validatorUrl: null });

function find(document, reference) {
  return reference.split("/").slice(1).reduce((node, key) => node[key], document);
}

function example(document, payload) {
  const properties = find(document, payload.$ref).properties;
  const value = (schema) => schema.const ?? schema.enum?.[0] ?? schema.examples?.[0];
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, value(schema)]));
}

function cell(row, text, element = "span") {
  row.insertCell().appendChild(document.createElement(element)).textContent = text;
}

async function showEvents() {
  const described = await (await fetch("/api/asyncapi.json")).json();
  document.querySelector("#events-description").textContent = described.info.description;
  for (const operation of Object.values(described.operations)) {
    const message = find(described, find(described, operation.messages[0].$ref).$ref);
    const row = document.querySelector("#events tbody").insertRow();
    cell(row, message.name, "code");
    cell(row, operation.action === "send" ? "server to client" : "client to server");
    cell(row, message.summary);
    cell(row, JSON.stringify(example(described, message.payload), null, 2), "pre");
  }
}

showEvents();
