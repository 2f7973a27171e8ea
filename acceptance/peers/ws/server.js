'use strict';
// Rooms on bare ws: a set of sockets each, and one encoding of a message for all of them. No resuming, no
// acknowledgements, no namespaces; pings every 25 seconds.
const { WebSocketServer } = require('ws');

const rooms = new Map();
const server = new WebSocketServer({ port: Number(process.env.PORT), perMessageDeflate: false });
server.on('connection', (socket) => {
  let room;
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    if (message.op === 'join') {
      if (!rooms.has(message.room)) rooms.set(message.room, new Set());
      room = rooms.get(message.room);
      room.add(socket);
      socket.send('{"joined":true}');
    } else if (message.op === 'fan') {
      const text = JSON.stringify({ event: 'fan', data: message.data });
      const told = rooms.get(message.room) || [];
      for (const member of told) member.send(text);
    }
  });
  socket.on('close', () => room && room.delete(socket));
});
setInterval(() => server.clients.forEach((socket) => socket.ping()), 25_000);
process.on('SIGUSR2', () => global.gc());
console.log('ready');
