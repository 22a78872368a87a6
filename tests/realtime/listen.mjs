// The connection example of the original README with the official client; prints each event as a line of JSON.
import { createRequire } from 'node:module';

const { io } = createRequire(process.argv[2])('socket.io-client');
const [, , , url, accessToken, transport] = process.argv;

const socket = io(url, {
  auth: {
    token: accessToken, // JWT token for authentication
  },
  transports: transport === 'both' ? ['websocket', 'polling'] : [transport],
});

const print = (name) => (data) => console.log(JSON.stringify([name, data]));
socket.on('connect', () => console.log(JSON.stringify(['connect', { transport: socket.io.engine.transport.name }])));
socket.on('connect_error', (error) => console.log(JSON.stringify(['connect_error', { message: error.message }])));
for (const name of ['started', 'retrying', 'completed', 'failed']) {
  socket.on(`content:generation:${name}`, print(name));
}
