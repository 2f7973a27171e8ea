'use strict';
// Rooms of socket.io, as its documentation shows them: a client joins one room, and what is said is told to all in it.
const { Server } = require('socket.io');

const io = new Server(Number(process.env.PORT), { serveClient: false, perMessageDeflate: false });
io.use((socket, next) => {
  // The session needs it no longer.
  socket.conn.request = null;
  next(socket.handshake.auth.token ? undefined : new Error('Not authorized'));
});
io.on('connection', (socket) => {
  socket.on('join', (room, done) => {
    socket.join(room);
    done();
  });
  socket.on('fan', (room, what) => io.to(room).emit('fan', what));
});
process.on('SIGUSR2', () => global.gc());
console.log('ready');
