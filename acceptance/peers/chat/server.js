'use strict';
// A chat backend as it is commonly written for Node: a message is numbered and stored in one transaction, then told to
// the conversation's room; 201 after the commit. No resuming, no rights beyond who takes part.
const crypto = require('node:crypto');
const express = require('express');
const { createServer } = require('node:http');
const { Pool } = require('pg');
const { Server } = require('socket.io');

const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const app = express();
app.disable('x-powered-by');
app.disable('etag');
const server = createServer(app);
const io = new Server(server, { serveClient: false, perMessageDeflate: false });

const number = {
  name: 'number',
  text: `UPDATE conversations c SET last_seq = last_seq + 1, updated_at = now()
         FROM participants p
         WHERE c.id = $1 AND p.conversation_id = c.id AND p.user_id = $2 RETURNING c.last_seq`,
};
const insert = {
  name: 'insert',
  text: `INSERT INTO messages (id, conversation_id, seq, sender_id, key, content, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
};

app.post('/api/v1/conversations/:id/messages', express.json(), async (req, res) => {
  // In place of a signature that is checked: who says so is a user.
  const sender = (req.get('authorization') || '').slice(7);
  const message = {
    id: crypto.randomUUID(),
    conversationId: req.params.id,
    seq: 0,
    senderId: sender,
    content: req.body.content,
    createdAt: new Date().toISOString(),
  };
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const numbered = await client.query({ ...number, values: [message.conversationId, sender] });
    if (numbered.rowCount === 0) {
      await client.query('ROLLBACK');
      res.status(404).end();
      return;
    }
    message.seq = Number(numbered.rows[0].last_seq);
    await client.query({
      ...insert,
      values: [message.id, message.conversationId, message.seq, sender, req.get('idempotency-key'),
        JSON.stringify(message.content), message.createdAt],
    });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    res.status(500).end();
    return;
  } finally {
    client.release();
  }
  io.to(message.conversationId).emit('message.posted', { data: { message } });
  res.status(201).json(message);
});

io.use((socket, next) => next(socket.handshake.auth.token ? undefined : new Error('Not authorized')));
io.on('connection', async (socket) => {
  const own = await pool.query('SELECT conversation_id FROM participants WHERE user_id = $1', [
    socket.handshake.auth.token,
  ]);
  own.rows.forEach((row) => socket.join(row.conversation_id));
  socket.emit('hello', {});
});
server.listen(Number(process.env.PORT), () => console.log('ready'));
